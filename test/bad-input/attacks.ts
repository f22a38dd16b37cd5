import fc from 'fast-check';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY } from '../support/keys.ts';
import type { BadInputClass } from './classes.ts';
import { ADDRESSES } from './hostile/addresses.ts';
import { BODIES_THAT_ARE_NONE, CONTENT_TYPES } from './hostile/bodies.ts';
import { credentials } from './hostile/credentials.ts';
import { HEADERS, METHODS } from './hostile/headers.ts';
import { IDS } from './hostile/ids.ts';
import { NUMBERS } from './hostile/numbers.ts';
import { SINKS } from './hostile/sinks.ts';
import { TEXTS } from './hostile/texts.ts';
import { TIMES } from './hostile/times.ts';
import { UNASKED } from './hostile/unasked.ts';
import type { Operation, Schema } from './operations.ts';
import type { House } from './scene.ts';
import { type Json, leavesOf, objectsOf, valueAt, valuesOf, withValue } from './values.ts';

/** One hostile request, whole: it says all that is sent, so that a failing one can be read and sent again. */
export interface Attack {
  readonly class: BadInputClass;
  readonly operation: Operation;
  readonly method: string;
  /** Path and query as they stand in the first line. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  /** undefined: none. Letters of one byte where `isBinary`. */
  readonly body: string | undefined;
  readonly isBinary?: boolean;
  /** So many at once. */
  readonly times?: number;
  readonly pieces?: number;
  /** Only this share of the bytes is sent, and then the writer hangs up. */
  readonly cutAt?: number;
  /** A right answer refuses it. */
  readonly mustBeRefused?: boolean;
  /** Sent without a right to be here. */
  readonly isUnproven?: boolean;
  /** Sent by the people of the other house, at a route that is of no store: it may tell them of themselves. */
  readonly isOthers?: boolean;
}

/** What a request would be if nobody meant harm. */
interface Base {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
}

/** Those who may ask it, and who has a right to no other store. */
function rightsOf({ who, path }: Operation, house: House): Record<string, string> {
  if (who === 'guest')
    return { authorization: `Bearer ${path.includes('{party}') ? house.party.token : house.order.token}` };
  if (who === 'all') return {};
  if (!path.includes('{store}')) return { authorization: `Bearer ${ADMIN_KEY}` };
  return who.includes('kitchen') ? { authorization: `Bearer ${house.kitchenKey}` } : { cookie: house.cookie };
}

const KEYED = /orders$|waitlist$|payments$|discounts$|refunds$|void$|coupons$|calls$|visits$/;
const FILE_TYPES: Readonly<Record<string, string>> = { 'menu-file': 'text/csv', photos: 'image/png' };

function baseOf(operation: Operation, house: House): fc.Arbitrary<Base> {
  const { path, params, query, body, method } = operation;
  const before = (name: string) => path.split('/')[path.split('/').indexOf(`{${name}}`) - 1];
  const kind = (name: string) =>
    name === 'id' ? `id of ${path.includes('/print/') ? 'kitchen' : before('id')}` : name;
  const file = Object.keys(FILE_TYPES).find((each) => path.includes(each) && method !== 'GET');
  return fc
    .record({
      params: fc.record(
        Object.fromEntries(
          params.map((name) => [name, fc.constantFrom(...(house.hints[kind(name)] ?? ['x'])).map(String)]),
        ),
      ),
      query: fc.constant(query.includes('wait') ? { wait: '0' } : {}),
      body: file ? fc.constant(undefined) : body ? valuesOf(body as Schema, house.hints) : fc.constant(undefined),
      key: fc.constant(0).map(() => newId()),
    })
    .map(({ key, ...rest }) => ({
      ...rest,
      headers: {
        ...rightsOf(operation, house),
        ...(method === 'POST' && KEYED.test(path) && { 'idempotency-key': key }),
        ...(file && { 'content-type': FILE_TYPES[file]! }),
        ...(path.endsWith('menu-file') && method === 'PUT' && { 'if-match': '"1"' }),
      },
    }));
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** Puts a request together. */
function whole(operation: Operation, base: Base): Omit<Attack, 'class'> {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(base.params[name] ?? 'x'));
  const query = Object.entries(base.query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const body = base.body === undefined ? undefined : JSON.stringify(base.body);
  return {
    operation,
    method: operation.method,
    target: path + (query.length > 0 ? `?${query.join('&')}` : ''),
    headers: Object.entries({ ...(body !== undefined && { 'content-type': 'application/json' }), ...base.headers }),
    body,
  };
}

/** Puts one hostile value where a request has a place for it: in its body, its query or its path. */
function placed(
  operation: Operation,
  house: House,
  hostile: fc.Arbitrary<Json>,
  fits: (value: Json) => boolean = () => true,
): fc.Arbitrary<Omit<Attack, 'class'>> {
  return fc.tuple(baseOf(operation, house), hostile, fc.nat(), fc.boolean()).map(([base, value, at, inBody]) => {
    const leaves = base.body === undefined ? [] : leavesOf(base.body);
    const fitting = leaves.filter((path) => fits(valueAt(base.body!, path)));
    const fields = fitting.length > 0 ? fitting : leaves;
    const names = [...operation.params, ...operation.query];
    if (fields.length > 0 && (inBody || names.length === 0)) {
      return whole(operation, { ...base, body: withValue(base.body!, fields[at % fields.length]!, value) });
    }
    const name = names[at % Math.max(names.length, 1)];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (name === undefined) return whole(operation, { ...base, query: { x: text } });
    if (operation.params.includes(name)) return whole(operation, { ...base, params: { ...base.params, [name]: text } });
    return whole(operation, { ...base, query: { ...base.query, [name]: name === 'wait' ? text.slice(0, 1) : text } });
  });
}

const isNumber = (value: Json) => typeof value === 'number';
const isText = (value: Json) => typeof value === 'string';

type Make = (operation: Operation, house: House, other: House) => fc.Arbitrary<Omit<Attack, 'class'>>;

const plain: Make = (operation, house) => baseOf(operation, house).map((base) => whole(operation, base));

const with_ =
  <T>(arbitrary: fc.Arbitrary<T>, change: (attack: Omit<Attack, 'class'>, value: T) => Omit<Attack, 'class'>): Make =>
  (operation, house, other) =>
    fc.tuple(plain(operation, house, other), arbitrary).map(([attack, value]) => change(attack, value));

const withHeader = (attack: Omit<Attack, 'class'>, name: string, value: string): Omit<Attack, 'class'> => ({
  ...attack,
  headers: [...attack.headers.filter(([known]) => known !== name.toLowerCase()), [name, value]],
});

const textBody = (attack: Omit<Attack, 'class'>, body: string, type = 'application/json'): Omit<Attack, 'class'> => ({
  ...withHeader(attack, 'content-type', attack.headers.find(([name]) => name === 'content-type')?.[1] ?? type),
  body,
});

const MAKERS: Readonly<Record<BadInputClass, Make>> = {
  JSON: with_(BODIES_THAT_ARE_NONE, (attack, body) => textBody(attack, body)),
  numbers: (operation, house) => placed(operation, house, NUMBERS, isNumber),
  Unicode: (operation, house) => placed(operation, house, TEXTS, isText),
  ids: (operation, house, other) => placed(operation, house, IDS(house, other), isText),
  time: (operation, house) =>
    fc
      .tuple(placed(operation, house, TIMES, isText), TIMES, fc.integer({ min: -2_000, max: 2_000 }), fc.boolean())
      .map(([attack, , days, isKey]) =>
        isKey ? withHeader(attack, 'idempotency-key', newId(Math.max(0, Date.now() + days * 86_400_000))) : attack,
      ),
  'content types': with_(CONTENT_TYPES, (attack, { type, encoding, body }) => {
    const typed = withHeader({ ...attack, body: body ?? attack.body ?? '{}' }, 'content-type', type);
    return encoding === undefined ? typed : withHeader(typed, 'content-encoding', encoding);
  }),
  headers: with_(fc.tuple(HEADERS, METHODS), (attack, [headers, method]) => ({
    ...attack,
    method: method ?? attack.method,
    headers: [...attack.headers, ...headers],
  })),
  auth: (operation, house, other) =>
    fc
      .tuple(plain(operation, house, other), credentials(house, other))
      .map(([attack, { headers, query, foreign, isOtherSite }]) => ({
        ...attack,
        headers: [...attack.headers.filter(([name]) => name !== 'authorization' && name !== 'cookie'), ...headers],
        target: query ? `${attack.target}${attack.target.includes('?') ? '&' : '?'}${query}` : attack.target,
        isUnproven: isOtherSite ? attack.method !== 'GET' : !foreign || operation.path.includes('{store}'),
        isOthers: foreign === true && !operation.path.includes('{store}'),
      })),
  'mass assignment': (operation, house) =>
    fc.tuple(baseOf(operation, house), UNASKED, fc.nat()).map(([base, unasked, at]) => {
      if (typeof base.body !== 'object' || base.body === null)
        return whole(operation, { ...base, query: { ...base.query, ...mapped(unasked) } });
      const objects = objectsOf(base.body).filter((path) => path.at(-1) !== 'name');
      const path = objects[at % objects.length]!;
      const known = valueAt(base.body, path) as Record<string, Json>;
      const isNew = Object.keys(unasked).some((name) => !(name in known) && !isKnown(operation.body, name));
      const body = withValue(base.body, path, { ...unasked, ...known });
      return { ...whole(operation, { ...base, body }), mustBeRefused: isNew };
    }),
  states: plain,
  arithmetic: (operation, house) =>
    fc.tuple(baseOf(operation, house), fc.constantFrom(...LARGE)).map(([base, large]) => {
      if (base.body === undefined) return whole(operation, { ...base, query: { ...base.query, limit: String(large) } });
      const numbers = leavesOf(base.body).filter((path) => isNumber(valueAt(base.body!, path)));
      return whole(operation, {
        ...base,
        body: numbers.reduce((body, path) => withValue(body, path, large), base.body),
      });
    }),
  races: with_(fc.integer({ min: 2, max: 5 }), (attack, times) => ({ ...attack, times })),
  replay: with_(fc.boolean(), (attack, isSame) => ({
    ...(isSame ? attack : withHeader(attack, 'idempotency-key', REPLAYED)),
    times: 2,
  })),
  SSRF: (operation, house) => placed(operation, house, ADDRESSES, isText),
  slowness: with_(
    fc.record({
      pieces: fc.integer({ min: 2, max: 9 }),
      cutAt: fc.option(fc.double({ min: 0.05, max: 0.99, noNaN: true })),
    }),
    (attack, { pieces, cutAt }) => ({ ...attack, pieces, ...(cutAt !== null && { cutAt }) }),
  ),
  'output sinks': (operation, house) => placed(operation, house, SINKS, isText),
};

/** One for all, so that what was sent under it before is in the way. */
const REPLAYED = newId();
const LARGE = [2_147_483_647, 1_000_000, 10_000_000, 9_007_199_254_740_991, 99, 100, 1];

const mapped = (values: Readonly<Record<string, Json>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

/** Whether a schema names this anywhere. */
const isKnown = (schema: Schema | undefined, name: string): boolean =>
  JSON.stringify(schema ?? {}).includes(`${JSON.stringify(name)}:`);

/** Requests of one class at one operation. */
export const attacksOf = (
  kind: BadInputClass,
  operation: Operation,
  house: House,
  other: House,
): fc.Arbitrary<Attack> =>
  MAKERS[kind](operation, house, other).map((attack) => {
    const whole: Attack = { ...attack, class: kind };
    return Object.assign(whole, { [fc.toStringMethod]: () => tell(whole) });
  });

/** A request as a person reads it. */
export const tell = ({ class: kind, operation, method, target, headers, body }: Attack): string =>
  `[${kind}] ${operation.name}\n  ${method} ${target.slice(0, 600)}\n  ${JSON.stringify(headers).slice(0, 600)}\n  ${JSON.stringify(body)?.slice(0, 600)}`;

/** The bytes of it. */
export function bytesOf({ method, target, headers, body, isBinary, cutAt }: Attack): Buffer {
  const content = body === undefined ? undefined : Buffer.from(body, isBinary ? 'latin1' : 'utf8');
  const has = (name: string) => headers.some(([known]) => known.toLowerCase() === name);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has('host') ? [] : ['host: 127.0.0.1']),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(content && !has('content-length') && !has('transfer-encoding') ? [`content-length: ${content.length}`] : []),
    ...(has('connection') ? [] : ['connection: close']),
  ];
  const bytes = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content ?? Buffer.alloc(0)]);
  return cutAt === undefined ? bytes : bytes.subarray(0, Math.max(1, Math.floor(bytes.length * cutAt)));
}
