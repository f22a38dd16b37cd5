import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byName, plainName, plainValue } from './plain-name.ts';

test('a name is the same however it is spaced, joined or commented', () => {
  for (const written of ['맵기 단계', '맵기-단계', ' 맵기_단계 (0~3)', '맵기·단계'])
    assert.equal(plainName(written), '맵기단계');
});

test('a value that is a number is that number, and no other', () => {
  for (const written of ['2', '2.0', '２', ' +2 ', '02']) assert.equal(plainValue(written), '2');
  assert.equal(plainValue('-1'), '-1');
  assert.equal(plainValue('1.5'), '1.5');
  assert.equal(plainValue('very-hot'), plainValue('Very hot'));
});

test('one name means one thing', () => {
  assert.deepEqual([...byName([['a b', 1] as const, ['ab', 1] as const])], [['ab', 1]]);
  assert.throws(
    () => byName([['spice level', 'spice'] as const, ['spice_level', 'level'] as const]),
    /'spice_level' means both spice and level/,
  );
});
