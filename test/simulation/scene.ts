import type { Catalogue } from '../../src/menu/catalogue.ts';

/** Two, so that groups of several stores and of one are made. */
export const STORES = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b'].map((id) => ({
  id,
  timeZone: 'Asia/Seoul',
  dayStartsHour: 4,
  currency: 'KRW',
  prepMinutes: 10,
  isPaced: false,
  hours: null,
  daysOff: [],
  tableLimits: {},
}));

/** A dish with so many portions each day, and one without a limit. */
export const DAILY_LIMIT = 7;
export const LIMITED = '01900000-0000-7000-8000-0000000000d1';
export const PLENTY = '01900000-0000-7000-8000-0000000000d2';

const dish = (id: string, price: number, dailyLimit: number | null) => ({
  id,
  name: { ko: '요리', en: 'dish' },
  price,
  soldOut: false,
  dailyLimit,
  station: 'kitchen',
  groups: [],
  options: new Map(),
});

export const CATALOGUE: Catalogue = {
  menuVersion: 1,
  items: new Map([dish(LIMITED, 9_000, DAILY_LIMIT), dish(PLENTY, 4_000, null)].map((each) => [each.id, each])),
};

/** Noon of a Saturday in Seoul. */
export const NOON_MS = Date.parse('2026-11-28T03:00:00Z');
