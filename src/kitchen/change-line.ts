import { isDeepStrictEqual } from 'node:util';
import type { Name, TicketLine } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';
import { noteMadeOtherwise } from './printing/notices.ts';
import type { SlipPlace } from './printing/slip-id.ts';
import type { KeptLine } from './station-lines.ts';

/** A line that is made otherwise from now on. */
export interface MadeOtherwise {
  readonly order: OrderRef;
  /** Its place in the order, from 1. */
  readonly line: number;
  readonly from: { readonly options: readonly Name[]; readonly note: string | undefined };
  readonly to: { readonly options: readonly Name[]; readonly note: string | undefined };
}

/**
 * The kitchen makes a line otherwise: its ticket says how, and how it was to be made; what was ticked off as done is to be done again. What waits
 * to be printed is printed so, and who has it on paper gets a slip that says both. In the transaction that holds the order, so no ticket of it is
 * being made or moved; one that is made later is made of the order as it is by then.
 * @returns where there is something to print now
 */
export async function changeLineKitchen(tx: Queryable, changed: MadeOtherwise, nowMs: number): Promise<SlipPlace[]> {
  const { storeId, id } = changed.order;
  const { rows } = await tx.query<{ station: string; lines: KeptLine[] }>(
    'SELECT station, lines FROM ticket WHERE store_id = $1 AND order_id = $2',
    [storeId, id],
    'tickets-of-order',
  );
  for (const { station, lines } of rows) {
    const at = lines.findIndex(({ line }) => line === changed.line);
    if (at === -1) continue;
    const made = lines.with(at, madeAs(lines[at]!, changed));
    await tx.query(
      `UPDATE ticket SET version = version + 1, lines = $4, done_lines = array_remove(done_lines, $5::smallint)
       WHERE store_id = $1 AND order_id = $2 AND station = $3`,
      [storeId, id, station, JSON.stringify(made), at],
      'change-ticket-line',
    );
  }
  return noteMadeOtherwise(tx, changed.order, changed.line, (line) => madeAs(line, changed), nowMs);
}

/** The line as it is made now; made as it was ordered, nothing has changed. */
function madeAs({ note: _, before, ...line }: KeptLine, { from, to }: MadeOtherwise): KeptLine {
  const ordered = before ?? making(from);
  const is = making(to);
  return { ...line, ...is, ...(!isDeepStrictEqual(ordered, is) && { before: ordered }) };
}

const making = ({ options, note }: MadeOtherwise['to']): NonNullable<TicketLine['before']> => ({
  options: [...options],
  ...(note !== undefined && { note }),
});
