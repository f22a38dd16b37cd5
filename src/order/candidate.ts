import { hash } from 'node:crypto';
import type { OrderRequest } from '../contract/index.ts';

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
  readonly lines: readonly CandidateLine[];
  readonly expectedTotal: number | undefined;
  /** The first 16 bytes of the request's SHA-256 in hex. The same key with another body is told apart by it. */
  readonly requestHash: string;
}

const HASH_HEX_LENGTH = 32;

/** @param id the Idempotency-Key, already checked */
export function toCandidate(storeId: string, id: string, request: OrderRequest): Candidate {
  const lines = request.lines.map((line) => ({
    itemId: line.itemId.toLowerCase(),
    quantity: line.quantity,
    optionIds: line.optionIds?.map((option) => option.toLowerCase()) ?? [],
    note: line.note?.trim() || undefined,
  }));
  const table = request.table === undefined ? null : String(request.table).trim() || null;
  const asked = JSON.stringify([table, request.expectedTotal ?? null, lines]);
  return {
    storeId,
    id: id.toLowerCase(),
    table,
    lines,
    expectedTotal: request.expectedTotal,
    requestHash: hash('sha256', asked, 'hex').slice(0, HASH_HEX_LENGTH),
  };
}
