import type { OpeningHours } from '../../contract/index.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const KOREAN = '월화수목금토일';
/** What people call several days. */
const SPOKEN: Readonly<Record<string, string>> = {
  '': 'mon-sun',
  매일: 'mon-sun',
  daily: 'mon-sun',
  평일: 'mon-fri',
  weekdays: 'mon-fri',
  주말: 'sat-sun',
  weekend: 'sat-sun',
};
/** Breakfast, lunch and dinner of each day. */
const SPANS_MAX = 21;

const SPAN = /^(\D*?)\s*(\d{1,2}):(\d\d)\s*[-~–]\s*(\d{1,2}):(\d\d)$/;
const DAY = /^([a-z]{3}|[월화수목금토일])(?:요일)?$/;

function dayOf(text: string): number {
  const [, day = ''] = DAY.exec(text) ?? [];
  return day.length === 1 ? KOREAN.indexOf(day) : (DAYS as readonly string[]).indexOf(day);
}

function readDays(text: string): string | undefined {
  const spoken = SPOKEN[text];
  if (spoken) return spoken;
  const parts = text.split(/\s*[-~–]\s*/).map(dayOf);
  if (parts.length > 2 || parts.some((day) => day < 0)) return undefined;
  return [...new Set(parts)].map((day) => DAYS[day]).join('-');
}

function readTime(hours: string, minutes: string, latest: number): string | undefined {
  const at = Number(hours) * 60 + Number(minutes);
  return at <= latest && Number(minutes) < 60 ? `${hours.padStart(2, '0')}:${minutes}` : undefined;
}

/**
 * Hours as people write them: `mon-fri 11:00-14:30, sat 10:00-15:00`, `월-금 11:00~14:30`, `매일 17:00-02:00`, `17:00-22:00` for every day.
 * One that ends before it begins reaches into the next day.
 * @returns in one way of writing; undefined for what is no such list
 */
export function readHours(written: string): string | undefined {
  const spans = written
    .normalize('NFC')
    .toLowerCase()
    .split(/[,;\n]/)
    .map((span) => span.trim())
    .filter(Boolean)
    .map((span) => {
      const [, days = '', fromHour = '', fromMinute = '', toHour = '', toMinute = ''] = SPAN.exec(span) ?? ['', '?'];
      const on = readDays(days.trim());
      const from = readTime(fromHour, fromMinute, 24 * 60 - 1);
      const to = readTime(toHour, toMinute, 24 * 60);
      return on && from && to && from !== to ? `${on} ${from}-${to}` : undefined;
    });
  if (spans.length === 0 || spans.length > SPANS_MAX || spans.includes(undefined)) return undefined;
  return spans.join(', ');
}

/** What {@link readHours} wrote, day by day. */
export const parseHours = (text: string): OpeningHours[] =>
  text.split(', ').flatMap((span) => {
    const [days = '', times = ''] = span.split(' ');
    const [first = '', last = first] = days.split('-');
    const [from = '', to = ''] = times.split('-');
    const start = DAYS.indexOf(first as 'mon');
    // From Friday to Monday goes over the end of the week.
    const count = ((DAYS.indexOf(last as 'mon') - start + 7) % 7) + 1;
    return Array.from({ length: count }, (_, at) => ({ day: ((start + at) % 7) + 1, from, to }));
  });
