import type { Ticket } from '../contract/index.ts';
import { invalidField } from '../platform/http/problem.ts';
import { UUID_TEXT } from '../platform/id.ts';
import type { TicketPlace } from './tickets.ts';

const CURSOR = new RegExp(`^(\\d{1,15})\\.(\\d{1,9})\\.(${UUID_TEXT}):([^\\0]{1,40})$`);

/** A ticket's place in the kitchen's order as text: where the next page of a list begins. */
export const cursorOf = ({ placedAt, number, id }: Ticket): string => `${Date.parse(placedAt)}.${number}.${id}`;

/** @throws Problem `invalid` for what {@link cursorOf} did not write */
export function parseCursor(text: string): TicketPlace {
  const [, placedAtMs, number, orderId, station] = CURSOR.exec(text) ?? [];
  const ms = Number(placedAtMs);
  if (station === undefined || Number.isNaN(new Date(ms).getTime())) {
    throw invalidField('cursor', 'is not a cursor', 'the `next` of an earlier answer');
  }
  return { placedAtMs: ms, number: Number(number), orderId: orderId!, station };
}
