import assert from 'node:assert/strict';
import { test } from 'node:test';
import receiptline from 'receiptline';
import type { PrintSlip } from '../../../contract/index.ts';
import { drawText } from './picture.ts';
import { ROWS_MAX, slipText } from './slip-text.ts';
import { toEscPos } from './to-escpos.ts';

const slip: PrintSlip = {
  id: '019ab000-0000-7000-8000-000000000001:grill',
  orderId: '019ab000-0000-7000-8000-000000000001',
  number: 42,
  table: '7',
  round: 1,
  station: 'grill',
  placedAt: '2026-11-24T09:30:00.000Z',
  copy: 1,
  lines: [
    {
      itemId: '019ab000-0000-7000-8000-000000000002',
      name: { ko: '김치찌개', en: 'Kimchi stew' },
      quantity: 2,
      options: [{ ko: '맵게', en: 'Hot' }],
      note: 'no | onion {code:1} `please`',
    },
  ],
};
const paper = { columns: 48, language: 'ko', timeZone: 'Asia/Seoul' } as const;

test('a slip is ESC/POS: it initialises the printer, prints Korean as code page 949, and cuts', async () => {
  const bytes = await toEscPos(slip, paper);
  const has = (hex: string) => bytes.includes(Buffer.from(hex, 'hex'));
  assert.equal(bytes.subarray(0, 2).toString('hex'), '1b40');
  // 김치찌개, computed by hand from the standard's table.
  assert.ok(has('b1e8c4a1c2eeb0b3'), bytes.toString('hex'));
  assert.ok(has('1d56'), 'a cut');
  assert.ok(bytes.includes('42'));
  assert.ok(bytes.includes('18:30'), 'the time in the store’s zone');
});

test('what a guest wrote is printed as it is and never read as layout', async () => {
  const text = (await toEscPos({ ...slip }, { ...paper, language: 'en' })).toString('latin1');
  assert.ok(text.includes('no | onion {code:1} `please`'), text);
});

test('an add-on and a second copy say so', () => {
  assert.ok(!slipText(slip, { ...paper, language: 'en' }).match(/Add-on|AGAIN/));
  const again = slipText({ ...slip, round: 2, copy: 3 }, { ...paper, language: 'en' });
  assert.match(again, /Add-on 1/);
  assert.match(again, /PRINTED AGAIN 3/);
});

test('a long name is broken between its words, and a word that is longer than the paper inside it', () => {
  const print = (en: string) => {
    const { note: _, ...line } = { ...slip.lines[0]!, name: { ko: en, en } };
    const text = slipText({ ...slip, lines: [line] }, { columns: 32, language: 'en', timeZone: 'Asia/Seoul' });
    return receiptline
      .transform(text, { command: 'text', encoding: 'cp949', cpl: 32 })
      .split('\n')
      .map((row) => row.trim());
  };
  const rows = print('Premium Korean beef assortment with tenderloin');
  const at = rows.findIndex((row) => row.startsWith('Premium'));
  assert.deepEqual(rows.slice(at, at + 3), ['Premium Korean beef       x2', 'assortment with', 'tenderloin']);
  assert.ok(print('x'.repeat(30)).includes('xxxxxx'));
});

const asText = (of: PrintSlip, language: 'ko' | 'en' = 'en') =>
  receiptline.transform(slipText(of, { ...paper, language }), { command: 'text', encoding: 'cp949', cpl: 48 });

test('a note of 198 newlines is one line that keeps every wish', () => {
  const line = { ...slip.lines[0]!, note: `nuts\n\u2028 kill me${'\n'.repeat(196)}x` };
  const rows = asText({ ...slip, lines: [line] }).split('\n');
  assert.ok(
    rows.some((row) => row.trim() === '> Note: nuts / kill me / x'),
    rows.join('\n'),
  );
});

test('the longest order is some paper, with every dish on it, and says beside which dish something is left out', () => {
  const note = Array.from({ length: 100 }, () => 'x').join('\n');
  const options = Array.from({ length: 20 }, () => ({ ko: '맵게', en: 'Hot' }));
  const lines = Array.from({ length: 50 }, (_, n) => ({
    ...slip.lines[0]!,
    name: { ko: `요리 ${n}`, en: `Dish ${n}` },
    note,
    options,
  }));
  const rows = asText({ ...slip, lines }).split('\n');
  assert.ok(rows.length <= ROWS_MAX + 3 * 50 + 20, `${rows.length} rows`);
  for (const { name } of lines) assert.ok(rows.some((row) => row.includes(name.en)));
  const whole = rows.filter((row) => row.includes('Note:')).length;
  assert.ok(whole > 5);
  assert.equal(rows.filter((row) => row.includes('see the screen')).length, 50 - whole);
});

test('a void slip says so first and last, with what is not to be cooked and without the wishes', () => {
  for (const language of ['ko', 'en'] as const) {
    const rows = asText({ ...slip, kind: 'void' }, language)
      .split('\n')
      .filter((row) => row.trim());
    assert.match(rows[0]!, /VOID/);
    assert.match(rows[0]!, /취소/);
    assert.match(rows.at(-1)!, /VOID/);
    assert.ok(rows.some((row) => row.includes(slip.lines[0]!.name[language])));
    assert.ok(!rows.join('').includes('onion'));
  }
});

test('a slip of guests who moved says from where to where and which orders, and that nothing is to be cooked', async () => {
  const of = { ...slip, kind: 'moved' as const, table: '창가', lines: [], moved: { from: '5', numbers: [12, 15] } };
  const [korean, english] = (['ko', 'en'] as const).map((language) => asText(of, language));
  assert.match(korean!, /자리 이동 \/ MOVED/);
  assert.match(korean!, /테이블 5 → 창가/);
  assert.match(korean!, /주문 12, 15/);
  assert.match(korean!, /새 주문 아님/);
  assert.match(english!, /Table 5 → 창가/);
  assert.match(english!, /Orders 12, 15[\s\S]*No new order/);
  // The longest names that there are break, and none is cut.
  const long = asText({ ...of, table: 'x'.repeat(20), moved: { from: 'y'.repeat(20), numbers: [1] } });
  assert.equal(long.match(/x/g)?.length, 20);
  assert.match(new TextDecoder('euc-kr').decode(await toEscPos({ ...of, copy: 2 }, paper)), /재출력 2/);
});

const noted = (note: string): PrintSlip => ({ ...slip, lines: [{ ...slip.lines[0]!, note }] });

test('an allergy note in the letters of the code page is printed in these', async () => {
  const readable = new TextDecoder('euc-kr').decode(await toEscPos(noted('no crème fraîche — ₩500 わさび'), paper));
  assert.match(readable, /no creme fraiche - ￦500/);
  assert.match(readable, /わさび/);
  assert.doesNotMatch(readable, /화면/);
});

/** The command that a picture begins with: store a raster graphic in one colour, `w` by `h` dots. */
const RASTER = Buffer.from('1d384c', 'hex');
const HEAD = RASTER.length + 4 + 6;

/** The dots of each picture of a slip. */
function picturesOf(bytes: Buffer): { width: number; height: number; black: number }[] {
  const found = [];
  for (let at = bytes.indexOf(RASTER); at >= 0; at = bytes.indexOf(RASTER, at)) {
    const [width, height] = [bytes.readUInt16LE(at + HEAD), bytes.readUInt16LE(at + HEAD + 2)];
    const dots = bytes.subarray(at + HEAD + 4, at + HEAD + 4 + Math.ceil(width / 8) * height);
    const black = dots.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    found.push({ width, height, black });
    at += HEAD + 4 + dots.length;
  }
  return found;
}

test('an allergy note in any other script is drawn, on paper of either width', async () => {
  for (const note of ['ไม่ใส่ถั่วลิสง', '请不要放花生酱', 'بدون فول سوداني', 'मूंगफली नहीं', 'no 🥜', '<b>&ไ']) {
    for (const columns of [48, 32]) {
      const bytes = await toEscPos(noted(note), { ...paper, columns });
      const [picture, ...others] = picturesOf(bytes);
      assert.ok(picture && others.length === 0, `one picture of ${note}`);
      assert.ok(picture.width <= columns * 12 && picture.height >= 24, JSON.stringify(picture));
      // Strokes and not boxes: between a hundredth and a half of the dots.
      const share = picture.black / (picture.width * picture.height);
      assert.ok(share > 0.01 && share < 0.5, `${note}: ${share}`);
      assert.doesNotMatch(new TextDecoder('euc-kr').decode(bytes), /화면 확인/);
    }
  }
});

test('a script of its own draws each letter as itself: no two of these are alike, nor an empty box', async () => {
  const drawn = await Promise.all([...'ไกขคงกु花过贝🥜🦐'].map((letter) => drawText(letter, 32)));
  const box = await drawText('\u{10fffd}', 32);
  assert.equal(new Set([...drawn, box]).size, new Set('ไกขคงกु花过贝🥜🦐').size + 1);
});

test('a dish and an option with such a name are drawn below and beside what is counted', async () => {
  const line = { ...slip.lines[0]!, name: { ko: '花生过敏', en: 'x' }, options: [{ ko: '过', en: 'x' }] };
  const bytes = await toEscPos({ ...slip, lines: [line] }, paper);
  assert.equal(picturesOf(bytes).length, 2);
  assert.ok(bytes.includes('x2'));
});

test('where nothing can be drawn the letters that there are go out, and where to read the others', async () => {
  const broken = async () => {
    throw new Error('no font');
  };
  const bytes = await toEscPos(noted('no 🥜'), paper, broken);
  assert.match(new TextDecoder('euc-kr').decode(bytes), /no □ \(□: 화면 확인\)/);
  assert.equal(picturesOf(bytes).length, 0);
});

test('the longest order in another script is some paper as well', async () => {
  const line = { ...slip.lines[0]!, note: '过'.repeat(200) };
  const pictures = picturesOf(await toEscPos({ ...slip, lines: Array.from({ length: 50 }, () => line) }, paper));
  const dots = pictures.reduce((sum, { height }) => sum + height, 0);
  // 8 dots a millimetre: as long as the longest order in the printer's own letters.
  assert.ok(pictures.length > 5 && dots / 8 < 1_200, `${pictures.length} pictures, ${dots} dots`);
});

test('a slip of a dish of which there are fewer says how many there were and are, and that nothing new is to be cooked', () => {
  const { name, options } = slip.lines[0]!;
  const of = { ...slip, kind: 'changed' as const, lines: [], changed: { name, options, from: 3, to: 1 } };
  for (const language of ['ko', 'en'] as const) {
    const text = asText(of, language);
    assert.match(text, /CHANGED/);
    assert.match(text.replaceAll(' ', ''), /x3→x1/);
    assert.ok(text.includes(name[language]));
    assert.ok(text.replaceAll(' ', '').includes(String(slip.number)));
  }
  assert.match(asText(of, 'ko'), /새 주문 아님/);
});

test('a slip of a dish that is made otherwise says first how, then how it was', () => {
  const { name } = slip.lines[0]!;
  const [cheese, spicy] = [
    { ko: '치즈', en: 'Cheese' },
    { ko: '매운맛', en: 'Spicy' },
  ];
  const changed = { name, options: [cheese], note: '덜 짜게', from: 2, to: 2, before: { options: [spicy] } };
  const of = { ...slip, kind: 'changed' as const, lines: [], changed };
  const text = asText(of, 'ko');
  const at = (word: string) => text.indexOf(word);
  assert.ok(at('변경') < at('치즈') && at('덜 짜게') < at('바뀌기 전') && at('바뀌기 전') < at('매운맛'), text);
  assert.match(text, /새 주문 아님/);
  assert.match(asText({ ...of, changed: { ...changed, before: { options: [] } } }, 'en'), /No options/);
});
