import { romanize } from 'es-hangul';
import type { StoreRequest, StoreSettings } from '../../src/contract/store-settings.ts';

/** A day's times as they are typed; two of them leave a break in the middle. */
export interface Day {
  readonly isOpen: boolean;
  readonly spans: readonly { readonly from: string; readonly to: string }[];
}

/** The form as it is filled in. */
export interface Draft {
  readonly slug: string;
  readonly nameKo: string;
  readonly nameEn: string;
  readonly brandSlug: string;
  readonly brandName: string;
  readonly template: string;
  readonly tablesBy: 'count' | 'names' | 'counter' | 'any';
  readonly tableCount: string;
  readonly tableNames: string;
  readonly tableLinks: 'open' | 'signed';
  readonly visitCode: boolean;
  readonly byHours: boolean;
  readonly days: readonly Day[];
  readonly daysOff: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly prepMinutes: string;
  readonly stations: string;
  readonly languages: readonly ('ko' | 'en')[];
}

/** What a part of the form is given. */
export interface PartProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly wrong: string | undefined;
}

const USUAL_SPAN = { from: '11:00', to: '22:00' };
const WEEK = [1, 2, 3, 4, 5, 6, 7];

/** @param settings null: of a new store */
export function draftOf(settings: StoreSettings | null): Draft {
  const names = settings?.tableNames;
  const isCounted = !names || names.every((name, index) => name === String(index + 1));
  return {
    slug: settings?.slug ?? '',
    nameKo: settings?.name.ko ?? '',
    nameEn: settings?.name.en ?? '',
    brandSlug: '',
    brandName: '',
    template: '',
    tablesBy: names === null ? 'any' : settings?.tables === 0 ? 'counter' : isCounted ? 'count' : 'names',
    tableCount: String(settings?.tables || 10),
    tableNames: names && !isCounted ? names.join(', ') : '',
    // What is printed today should be worth something tomorrow.
    tableLinks: settings?.tableLinks ?? 'signed',
    visitCode: settings?.visitCode ?? false,
    byHours: Boolean(settings?.hours),
    days: WEEK.map((day) => {
      const spans = (settings?.hours ?? []).filter((each) => each.day === day);
      return { isOpen: spans.length > 0 || !settings?.hours, spans: spans.length > 0 ? spans : [USUAL_SPAN] };
    }),
    daysOff: settings?.daysOff.join(', ') ?? '',
    timeZone: settings?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    currency: settings?.currency ?? 'KRW',
    prepMinutes: String(settings?.prepMinutes ?? 15),
    stations: settings?.stations.join(', ') ?? '',
    languages: settings?.languages ?? ['ko', 'en'],
  };
}

const SLUG_MAX = 40;

/** A name as an address has it: in Latin letters, as it is read aloud. */
export const slugOf = (name: string): string =>
  romanize(name.normalize('NFC'))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replaceAll(/^-+|-+$/g, '');

const listed = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter(Boolean);

/** A number as it was typed; what is none goes to the server as it is, which says what is wrong with it. */
const numberOf = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : (text as unknown as number));

/** What is sent. A store that is made like another says only what is its own. */
export function bodyOf(draft: Draft, isNew: boolean): Partial<StoreRequest> {
  const own: Partial<StoreRequest> = {
    name: { ko: draft.nameKo, en: draft.nameEn },
    ...(draft.tablesBy !== 'any' && { tables: tablesOf(draft) }),
  };
  const rest: Partial<StoreRequest> = {
    tableLinks: draft.tableLinks,
    visitCode: draft.visitCode,
    hours: draft.byHours
      ? draft.days.flatMap(({ isOpen, spans }, index) =>
          isOpen ? spans.map(({ from, to }) => ({ day: index + 1, from, to })) : [],
        )
      : null,
    daysOff: listed(draft.daysOff),
    timeZone: draft.timeZone.trim(),
    currency: draft.currency.trim().toUpperCase(),
    prepMinutes: numberOf(draft.prepMinutes),
    stations: listed(draft.stations),
    languages: [...draft.languages],
  };
  if (!isNew) return { ...own, ...rest };
  const slug = draft.slug.trim();
  if (draft.template) return { slug, template: draft.template, ...own };
  const brandName = draft.brandName.trim();
  const brand = draft.brandSlug.trim()
    ? { brand: { slug: draft.brandSlug.trim(), ...(brandName && { name: { ko: brandName, en: brandName } }) } }
    : {};
  return { slug, ...brand, ...own, ...rest };
}

function tablesOf({ tablesBy, tableCount, tableNames }: Draft): number | string[] {
  if (tablesBy === 'counter') return 0;
  return tablesBy === 'names' ? listed(tableNames) : numberOf(tableCount);
}
