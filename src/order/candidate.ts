import { hash } from 'node:crypto';
import type { OrderRequest } from '../contract/index.ts';
import { invalidField } from '../platform/http/problem.ts';

/** One line as asked for, ids in lower case. */
export interface CandidateLine {
  readonly itemId: string;
  readonly quantity: number;
  readonly optionIds: readonly string[];
  readonly note: string | undefined;
}

/** An order that wants to be taken: already well-formed, not yet priced. */
export interface Candidate {
  readonly storeId: string;
  readonly id: string;
  readonly table: string | null;
  /** Of the table's printed link; no part of what is ordered, so a replay need not repeat it. */
  readonly tableKey?: string | undefined;
  /** The key of the table's visit, as `tableKey` no part of what is ordered. */
  readonly visit?: string | undefined;
  /** Who works there needs no key of a table or a visit. */
  readonly isByStaff?: boolean;
  readonly lines: readonly CandidateLine[];
  readonly expectedTotal: number | undefined;
  /** The first 16 bytes of the request's SHA-256 in hex. The same key with another body is told apart by it. */
  readonly requestHash: string;
}

const HASH_HEX_LENGTH = 32;

/**
 * @param id the Idempotency-Key, already checked
 * @throws Problem `invalid` for text that Postgres cannot hold, here where the field still has a name
 */
export function toCandidate(storeId: string, id: string, request: OrderRequest): Candidate {
  const lines = request.lines.map((line, index) => ({
    itemId: line.itemId.toLowerCase(),
    quantity: line.quantity,
    optionIds: line.optionIds?.map((option) => option.toLowerCase()) ?? [],
    note: storable(`lines[${index}].note`, line.note)?.trim() || undefined,
  }));
  const table = storable('table', request.table?.toString())?.trim() || null;
  const asked = JSON.stringify([table, request.expectedTotal ?? null, lines]);
  return {
    storeId,
    id: id.toLowerCase(),
    table,
    tableKey: request.tableKey,
    visit: request.visit,
    lines,
    expectedTotal: request.expectedTotal,
    requestHash: hash('sha256', asked, 'hex').slice(0, HASH_HEX_LENGTH),
  };
}

/** A NUL ends text in C, and half a surrogate pair is not a character of UTF-8. */
export function storable(field: string, text: string | undefined): string | undefined {
  if (text !== undefined && (text.includes('\0') || !text.isWellFormed())) {
    throw invalidField(field, 'has a character that cannot be stored', 'text without U+0000 and lone surrogates');
  }
  return text;
}
