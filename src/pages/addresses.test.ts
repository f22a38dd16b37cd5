import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalPage, readablePage } from './addresses.ts';

test('a page has one address, however it was typed, and a table keeps its own letters', () => {
  for (const typed of ['/s/hongdae/t/A7/', '/S/Hongdae/T/A7', '//s//hongdae/t/A7', '/s/HONGDAE/t/A7//']) {
    assert.equal(canonicalPage(typed), '/s/hongdae/t/A7', typed);
    assert.equal(canonicalPage(`${typed}?k=aB%2F?x`), '/s/hongdae/t/A7?k=aB%2F?x', typed);
  }
  assert.equal(canonicalPage('//evil.example/%2F'), '/evil.example/%2f');
});

test('escapes that mean nothing reach the page, and all others the router as they are', () => {
  assert.equal(readablePage('/s/hongdae/t/%ZZ'), '/s/hongdae/t/%25ZZ');
  assert.equal(readablePage('/S/hongdae/t/%FF'), '/S/hongdae/t/%25FF');
  assert.equal(readablePage('/s/hongdae/t/a%2Fb%00'), '/s/hongdae/t/a%252Fb%2500');
  assert.equal(readablePage('/s/hongdae/t/%EC%B0%BD'), '/s/hongdae/t/%EC%B0%BD');
  assert.equal(readablePage('/api/v1/stores/%ZZ'), '/api/v1/stores/%ZZ');
});
