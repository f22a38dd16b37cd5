-- Up Migration

-- A receipt is a slip like any other: handed out, printed, acknowledged, printed again. It says what its bill was when it was asked for.
ALTER TABLE print_slip ADD COLUMN receipt jsonb;
