import type { FieldProblem } from '../../src/contract/errors.ts';
import type { StoreChange, StoreSettings } from '../../src/contract/store-settings.ts';
import { readAmount, writeAmount } from '../shared/language/typed-amount.ts';
import type { TillWord } from './till-words.ts';

/** Receipts and limits as they are typed. */
export interface TillDraft {
  readonly businessName: string;
  readonly businessNumber: string;
  readonly representative: string;
  readonly address: string;
  readonly phone: string;
  readonly vatPercent: string;
  readonly limitOrders: string;
  readonly limitPortions: string;
  readonly limitUnpaid: string;
  readonly discountHall: string;
  readonly discountManager: string;
  readonly payFirst: boolean;
}

export function tillDraftOf({ business, tableLimits, discountMax, currency, payFirst }: StoreSettings): TillDraft {
  return {
    businessName: business?.name ?? '',
    businessNumber: business?.number ?? '',
    representative: business?.representative ?? '',
    address: business?.address ?? '',
    phone: business?.phone ?? '',
    vatPercent: String(business?.vatPercent ?? 10),
    limitOrders: String(tableLimits.orders),
    limitPortions: String(tableLimits.portions),
    limitUnpaid: writeAmount(tableLimits.unpaid, currency),
    discountHall: String(discountMax.hall),
    discountManager: String(discountMax.manager),
    payFirst: payFirst === true,
  };
}

/** What is none goes to the server as it is, which says what is wrong with it. */
const numberOf = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : (text as unknown as number));

/** What is sent; a business without name, number and representative is none. */
export function tillBodyOf(
  draft: TillDraft,
  currency: string,
): Pick<StoreChange, 'business' | 'tableLimits' | 'discountMax' | 'payFirst'> {
  const [name, number, representative] = [draft.businessName, draft.businessNumber, draft.representative].map((text) =>
    text.trim(),
  ) as [string, string, string];
  const [address, phone] = [draft.address.trim(), draft.phone.trim()];
  return {
    business:
      name || number || representative
        ? {
            name,
            number,
            representative,
            vatPercent: numberOf(draft.vatPercent),
            ...(address && { address }),
            ...(phone && { phone }),
          }
        : null,
    tableLimits: {
      orders: numberOf(draft.limitOrders),
      portions: numberOf(draft.limitPortions),
      unpaid: readAmount(draft.limitUnpaid, currency) ?? numberOf(draft.limitUnpaid),
    },
    discountMax: { hall: numberOf(draft.discountHall), manager: numberOf(draft.discountManager) },
    payFirst: draft.payFirst,
  };
}

/** Which field of the form an answer's field is, and what is said there. */
const WRONG: Readonly<Record<string, readonly [keyof TillDraft, TillWord]>> = {
  'business.name': ['businessName', 'wrongText'],
  'business.number': ['businessNumber', 'wrongNumber'],
  'business.representative': ['representative', 'wrongText'],
  'business.address': ['address', 'wrongText'],
  'business.phone': ['phone', 'wrongText'],
  'business.vatPercent': ['vatPercent', 'wrongAmount'],
  'tableLimits.orders': ['limitOrders', 'wrongAmount'],
  'tableLimits.portions': ['limitPortions', 'wrongAmount'],
  'tableLimits.unpaid': ['limitUnpaid', 'wrongAmount'],
  'discountMax.hall': ['discountHall', 'wrongAmount'],
  'discountMax.manager': ['discountManager', 'wrongAmount'],
};

export function tillWrong(fields: readonly FieldProblem[]): Partial<Record<keyof TillDraft, TillWord>> {
  const found = fields.flatMap(({ field }) => {
    const wrong = WRONG[field];
    return wrong ? [wrong] : [];
  });
  return Object.fromEntries(found);
}
