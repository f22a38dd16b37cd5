import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { countTable, withCounts } from './count-table.ts';
import { countLines, proveBadInput } from './prove-bad-input.ts';

/** SEED and REQUESTS repeat a run, or make a shorter one. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const requests = Number(process.env.REQUESTS ?? 100_000);
/** Bodies of 200 kB are among them, which are read before they are refused; beyond this others would notice. */
const SLOWER_MAX = 2;
/** Of those who asked for what is theirs meanwhile, so many may be told to come back: as many as of a crowd when Redis dies. */
const BUSY_SHARE_MAX = 0.001;
const PAGE = new URL('../../docs/security.md', import.meta.url);

/** Thirty to some hundred a second, by what the machine has to do beside it. */
const ENDS_WITHIN_MS = 3 * 3_600_000;
const title = `${requests} requests of bad input at every route: no fault of ours, no change, nothing of another store`;

test(title, { timeout: ENDS_WITHIN_MS }, async (t) => {
  t.diagnostic(`seed ${seed}; again with SEED=${seed} REQUESTS=${requests}`);
  const said = (line: string) => void process.stderr.write(`${line}\n`);
  said(`seed ${seed}`);
  const proof = await proveBadInput(t as never, { seed, requests, clock: () => performance.now(), said });
  for (const line of countLines(proof)) t.diagnostic(line);
  const { besideBadP99, besideGoodP99 } = proof.others;
  const ratio = besideBadP99 / besideGoodP99;
  t.diagnostic(
    `others' look at their order, p99: ${besideBadP99.toFixed(1)} ms, beside harmless requests ${besideGoodP99.toFixed(1)} ms, ratio ${ratio.toFixed(2)}`,
  );
  assert.ok(Object.values(proof.counts).reduce((sum, { tried }) => sum + tried, 0) >= requests);
  assert.ok(ratio <= SLOWER_MAX, `others waited ${ratio.toFixed(2)} times as long`);
  const { asked, busy } = proof.heard;
  assert.ok(busy <= asked * BUSY_SHARE_MAX, `others were told ${busy} times of ${asked} that it is busy`);
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, withCounts(page, countTable(proof, seed)));
});
