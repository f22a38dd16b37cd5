import { isUuid } from '../../platform/id.ts';

/** Where paper comes out. */
export interface SlipPlace {
  readonly storeId: string;
  readonly station: string;
}

export interface SlipId {
  readonly orderId: string;
  readonly station: string;
  /** The slip that says that the order was cancelled; it is acknowledged apart from the one that it takes back. */
  readonly voided: boolean;
}

export const slipId = ({ orderId, station, voided }: SlipId): string => `${orderId}:${station}${voided ? ':void' : ''}`;

/** The id as it stands in the address of a station. @returns undefined when it is no slip of that station */
export function parseSlipId(id: string, station: string): SlipId | undefined {
  const orderId = id.slice(0, 36).toLowerCase();
  if (!isUuid(orderId)) return undefined;
  const candidates = [false, true].map((voided) => ({ orderId, station, voided }));
  return candidates.find((candidate) => slipId(candidate).slice(36) === id.slice(36));
}
