import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { toPrintable } from './printable.ts';

test('accents are taken off, signs written otherwise, and kana, Greek and Russian printed as they are', () => {
  const cases = {
    'no crème fraîche — ₩500 わさび': 'no creme fraiche - ￦500 わさび',
    'Smørrebrød, Łódź, dị ứng đậu phộng': 'Smørrebrød, Łodz, di ung đau phong',
    'без орехов, ёж': 'без орехов, ёж',
    'ラーメン ﾗｰﾒﾝ': 'ラ―メン ラ―メン',
    'C:\\ ½ “x” ﬁsh €5 n°1': 'C:＼ ½ “x” fish EUR5 n°1',
    // Hangul in the parts that some phones send.
    ['땅콩 빼주세요'.normalize('NFD')]: '땅콩 빼주세요',
  };
  for (const [written, printed] of Object.entries(cases)) {
    assert.deepEqual(toPrintable(written), { text: printed, lost: false });
  }
});

test('what cannot be printed is seen to be missing, and said', () => {
  assert.deepEqual(toPrintable('no 🥜!'), { text: 'no □!', lost: true });
  assert.equal(toPrintable('ไม่ใส่ถั่ว').lost, true);
  // Skin tones and joiners make no letters of their own.
  assert.equal(toPrintable('❤️').lost, true);
  assert.deepEqual(toPrintable('a\u200db\ufe0f'), { text: 'ab', lost: false });
});

test('whatever is written, nothing becomes a question mark or a command, and no letter vanishes unsaid', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (written) => {
      const { text } = toPrintable(written);
      assert.equal(iconv.decode(iconv.encode(text, 'cp949'), 'cp949'), text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point.
      assert.doesNotMatch(text, /[\u0000-\u001f\u007f]/);
      if (/[\p{L}\p{N}]/u.test(written)) assert.notEqual(text, '');
    }),
    { numRuns: 2_000 },
  );
});
