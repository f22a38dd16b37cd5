import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, createDeflateRaw, gunzipSync } from 'node:zlib';
import { BodyTemplate } from './body-template.ts';
import { HOLE_END, makePatchable, PATCHABLE_FORMATS } from './patchable-encoding.ts';
import { ReadyBody } from './ready-body.ts';

const TYPE = 'application/json';
const DECODERS = { br: brotliDecompressSync, gzip: gunzipSync } as const;

/** Numbers that look random and are the same at every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

/** Text as menus have it: much of it twice, some of it Korean, some of it noise. */
function text(roll: (below: number) => number, letters: number): string {
  const words = ['"soldOut":', 'false', '"optionGroups":[]', '김치찌개', '해물파전', ' ', '{"ko":"', '🌶️', '\\u003c'];
  let made = '';
  while (made.length < letters) made += roll(4) === 0 ? String(roll(1_000_000)) : words[roll(words.length)];
  return made;
}

test('whatever is filled in, every encoding holds exactly the plain bytes', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const roll = dice(seed);
    const places = roll(seed % 6 === 0 ? 120 : 8);
    // Empty pieces, tiny ones, and some that are longer than the 32 KiB that deflate looks back.
    const fixed = Array.from({ length: places + 1 }, () => text(roll, [0, 3, 300, 3_000, 50_000][roll(5)]!));
    const widths = Array.from({ length: places }, () => 1 + roll(40));
    const template = new BodyTemplate(TYPE, fixed, widths);
    for (let turn = 0; turn < 3; turn++) {
      const values = widths.map((width) => 'false,"remaining":1234567890 and more than that'.slice(0, roll(width + 1)));
      const body = template.fill(values);
      const plain = fixed.map((piece, at) => piece + (at < places ? values[at]!.padEnd(widths[at]! + 2) : '')).join('');
      assert.equal(body.identity.toString(), plain);
      for (const encoding of ['gzip', 'br'] as const) {
        const bytes = await body.encoded(encoding);
        assert.ok(DECODERS[encoding](bytes).equals(body.identity), `seed ${seed}, ${encoding}`);
      }
    }
  }
});

test('once an encoding is made, a body filled anew has it ready without a promise', async () => {
  const template = new BodyTemplate(TYPE, ['{"remaining":', '}'], [10]);
  for (const encoding of ['gzip', 'br'] as const) {
    assert.ok(template.fill(['5']).encoded(encoding) instanceof Promise);
    await template.fill(['5']).encoded(encoding);
    const again = template.fill(['4']).encoded(encoding);
    assert.ok(Buffer.isBuffer(again));
    assert.deepEqual(JSON.parse(DECODERS[encoding](again).toString()), { remaining: 4 });
  }
});

test('equal contents have equal tags in every process, other contents others', () => {
  const make = (piece: string) => new BodyTemplate(TYPE, [piece, '}'], [10]);
  const tag = make('{"a":').fill(['1']).etag;
  assert.match(tag, /^W\/"[\w-]{16}"$/);
  assert.equal(make('{"a":').fill(['1']).etag, tag);
  assert.notEqual(make('{"a":').fill(['2']).etag, tag);
  assert.notEqual(make('{"b":').fill(['1']).etag, tag);
});

test('a template without places is sent as it is, compressed as a whole', async () => {
  const body = new BodyTemplate(TYPE, ['{"a":1}'], []).fill([]);
  assert.equal(body.etag, new ReadyBody(TYPE, Buffer.from('{"a":1}')).etag);
  assert.equal(gunzipSync(await body.encoded('gzip')).toString(), '{"a":1}');
});

test('a value that is wider than its place is refused before anything is sent', () => {
  assert.throws(() => new BodyTemplate(TYPE, ['[', ']'], [2]).fill(['123']), RangeError);
});

test('a compressor that this does not know is noticed, and the whole is compressed instead', async () => {
  const other = { ...PATCHABLE_FORMATS.br, open: () => createDeflateRaw() };
  assert.equal(await makePatchable(other, [Buffer.from('{"a":'), Buffer.from('}')], [4]), undefined);
  const body = new ReadyBody(TYPE, Buffer.from('{"a":1   }'), { encode: () => undefined });
  assert.equal(gunzipSync(await body.encoded('gzip')).toString(), '{"a":1   }');
  assert.equal(HOLE_END.length, 2);
});
