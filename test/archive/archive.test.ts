import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { verifyMonth } from '../../src/archive/index.ts';
import {
  archiveListCommand,
  archiveReadCommand,
  archiveRestoreCommand,
  archiveVerifyCommand,
  archiveWriteCommand,
} from '../../src/commands/archive.ts';
import { batchRunCommand } from '../../src/commands/batch.ts';
import { readConfig } from '../../src/config.ts';
import { auditDays, rebuildDays } from '../../src/sales/index.ts';
import { isGone, openArchiveScene, restore, write } from './months.ts';

test('an archived month is in files that any program reads, out of the database, and comes back row for row', async (t) => {
  const scene = await openArchiveScene(t);
  const { db, deps } = scene;
  const [before, books] = [await scene.seenRowsOf('2026-01'), await scene.books()];
  for (const [table, rows] of Object.entries(before)) assert.ok(rows.length >= 2, table);

  const manifest = await write(deps, '2026-01');
  assert.ok(await isGone(db, '2026-01'));
  const place = join(deps.folder, '2026-01');
  assert.deepEqual(
    (await readdir(place)).sort(),
    ['SHA256SUMS', 'manifest.json', ...Object.keys(before).map((table) => `${table}.csv.zst`)].sort(),
  );
  for (const [, sum, file] of (await readFile(join(place, 'SHA256SUMS'), 'utf8')).matchAll(/^(\w{64}) {2}(.+)$/gm)) {
    assert.equal(
      createHash('sha256')
        .update(await readFile(join(place, file!)))
        .digest('hex'),
      sum,
    );
  }
  const notes: { note: string }[] = parse(zstdDecompressSync(await readFile(join(place, 'order_note.csv.zst'))), {
    columns: true,
  });
  assert.deepEqual(notes.map((row) => row.note).sort(), [
    '',
    '',
    '덜 맵게, "please"\r\n\\.\n',
    '덜 맵게, "please"\r\n\\.\n',
  ]);
  assert.deepEqual(
    manifest.tables.map(({ table, rows }) => [table, rows]),
    Object.entries(before).map(([table, rows]) => [table, rows.length]),
  );

  // The books keep what they said, and nobody takes an empty month for one in which nothing was sold.
  await db.query(`SELECT ensure_order_partitions('2026-01-01', '2026-02-01')`);
  assert.ok(await isGone(db, '2026-01'));
  assert.deepEqual((await auditDays(db, Date.now, 60_000)).differences, []);
  await assert.rejects(rebuildDays(db, { from: '2026-01-10', to: '2026-01-11' }), /before 2026-02-03 are archived/);
  assert.deepEqual(await scene.books(), books);

  assert.deepEqual(await restore(deps, '2026-01'), manifest);
  assert.deepEqual(await scene.seenRowsOf('2026-01'), before);
  assert.deepEqual((await auditDays(db, Date.now, 60_000)).differences, []);
  assert.deepEqual(await scene.books(), books);
  await assert.rejects(restore(deps, '2026-01'), /2026-01 is here/);
  // And once more, over the files of the first time.
  await write(deps, '2026-01');
  assert.deepEqual(await write(deps, '2026-01'), (await verifyMonth(deps.folder, '2026-01')).manifest);
});

test('a month is not archived before its time, before an older one, or while the books need it, and then nothing changes', async (t) => {
  const scene = await openArchiveScene(t);
  const { db, deps, sold } = scene;
  const now = new Date().toISOString().slice(0, 7);
  await assert.rejects(write(deps, now), /is not finished/);
  await assert.rejects(write(deps, '2026-02'), /2026-01 comes before 2026-02/);
  await assert.rejects(write(deps, '2019-01'), /There is no 2019-01 here/);
  await db.query(`UPDATE sales_day SET closed_at = NULL WHERE day = '2026-01-31'`);
  await assert.rejects(write(deps, '2026-01'), /the books of 2026-01-31 are not closed/);
  await scene.close();

  // A guest cancels when all was asked and nothing was taken off yet.
  const before = await scene.seenRowsOf('2026-01');
  let isCancelled = false;
  const cancelling = {
    ...deps,
    db: {
      ...db,
      query: async (...asked: Parameters<typeof db.query>) => {
        if (asked[0].includes('DETACH') && !isCancelled) {
          isCancelled = true;
          await scene.cancel(sold[3]!);
          await scene.cancel(sold[1]!);
        }
        return db.query(...asked);
      },
    } as typeof db,
  };
  await assert.rejects(write(cancelling, '2026-01'), /2026-01 is not archived, and as it was: an order of it was/);
  before.orders = before.orders!.map((row) =>
    (row as { id: string }).id === sold[1]!.id ? { ...(row as object), status: 'cancelled' } : row,
  );
  const byId = (rows: unknown[]) => new Map(rows.map((row) => [(row as { id: string }).id, row]));
  assert.deepEqual(byId((await scene.seenRowsOf('2026-01')).orders!), byId(before.orders));
  await scene.close();
  await write(deps, '2026-01');
});

test('what is damaged, missing, of a later format or of another time is neither read nor restored', async (t) => {
  const scene = await openArchiveScene(t);
  const { deps } = scene;
  await write(deps, '2026-01');
  const place = join(deps.folder, '2026-01');
  const spoil = async (file: string, change: (bytes: Buffer) => Buffer | undefined, problem: RegExp) => {
    const bytes = await readFile(join(place, file));
    const changed = change(Buffer.from(bytes));
    await (changed ? writeFile(join(place, file), changed) : rm(join(place, file)));
    await assert.rejects(verifyMonth(deps.folder, '2026-01'), problem);
    await assert.rejects(restore(deps, '2026-01'), problem);
    assert.ok(await isGone(scene.db, '2026-01'));
    await writeFile(join(place, file), bytes);
  };
  await spoil('orders.csv.zst', (bytes) => bytes.fill(bytes[40]! ^ 1, 40, 41), /orders\.csv\.zst is not what/);
  await spoil('ticket.csv.zst', (bytes) => bytes.subarray(0, -9), /ticket\.csv\.zst is not what/);
  await spoil('party.csv.zst', () => undefined, /party\.csv\.zst is missing/);
  await spoil('manifest.json', (bytes) => Buffer.concat([bytes, Buffer.from(' ')]), /manifest\.json is not what/);
  await spoil('SHA256SUMS', () => undefined, /SHA256SUMS is missing/);

  // Of a Matjip to come, with right checksums.
  const later = JSON.parse(await readFile(join(place, 'manifest.json'), 'utf8'));
  const manifest = JSON.stringify({ ...later, format: 2 });
  const sums = await readFile(join(place, 'SHA256SUMS'), 'utf8');
  await writeFile(join(place, 'manifest.json'), manifest);
  const sum = createHash('sha256').update(manifest).digest('hex');
  await writeFile(join(place, 'SHA256SUMS'), sums.replace(/^\w+ {2}manifest\.json$/m, `${sum}  manifest.json`));
  await assert.rejects(restore(deps, '2026-01'), /has format 2, and this Matjip reads up to 1/);
  // Whole in itself, and yet not what was written.
  const other = JSON.stringify({ ...later, writtenAt: '2026-11-01T00:00:00.000Z' });
  await writeFile(join(place, 'manifest.json'), other);
  const otherSum = createHash('sha256').update(other).digest('hex');
  await writeFile(join(place, 'SHA256SUMS'), sums.replace(/^\w+ {2}manifest\.json$/m, `${otherSum}  manifest.json`));
  await assert.rejects(restore(deps, '2026-01'), /not those that were written when it was archived last/);
  assert.ok(await isGone(scene.db, '2026-01'));
});

test('the command lists, writes, verifies, reads and restores, and says what is wrong with what was asked', async (t) => {
  const scene = await openArchiveScene(t);
  const { folder } = scene.deps;
  const config = readConfig({ DATABASE_URL: scene.url });
  const said: string[] = [];
  const options = { folder, log: (line: string) => said.push(line) };
  const heard = () => said.splice(0).join('\n');

  await archiveListCommand(config, options);
  assert.match(
    heard(),
    /^2026-01 {2}can be archived, [\d.]+ MiB in the database\n2026-02 {2}can be .+\n(.+\n)+.+ not finished/,
  );
  await archiveWriteCommand(config, '2026-02', options);
  assert.match(heard(), /^2026-01: 2 orders and \d+ rows that belong to them are in .+2026-01, .+\n2026-02: 2 orders/);
  await archiveWriteCommand(config, '2026-02', options);
  assert.equal(heard(), 'There is nothing to archive up to 2026-02.');
  await archiveListCommand(config, { ...options, json: true });
  assert.deepEqual(JSON.parse(heard())[0], { state: 'archived', bytes: 0, month: '2026-01', hasFiles: true });
  await archiveVerifyCommand(config, [], options);
  assert.match(heard(), /^2026-01: 2 orders.*\n2026-02: 2 orders.*, all as written on \d{4}-\d\d-\d\d\.$/);

  const text: Buffer[] = [];
  const sink = new Writable({ write: (chunk, _encoding, done) => done(void text.push(chunk)) });
  await archiveReadCommand(config, '2026-02', 'orders', { ...options, sink });
  assert.deepEqual(
    (parse(Buffer.concat(text), { columns: true }) as { id: string }[]).map(({ id }) => id),
    scene.sold.slice(2).map(({ id }) => id),
  );
  // One that was killed an hour ago is an alert of the partitions' upkeep.
  await scene.db.query(`CREATE TABLE orders_2026_01 (LIKE orders)`);
  await scene.db.query(`UPDATE archived_month SET begun_at = now() - interval '2 hours'`);
  await batchRunCommand(config, 'order-partitions', options);
  assert.match(heard(), /Half archived: 2026-01; run 'matjip archive write' again/);
  await scene.db.query('DROP TABLE orders_2026_01');
  await archiveRestoreCommand(config, '2026-02', options);
  assert.match(
    heard(),
    /^2026-02: 2 orders and \d+ rows that belong to them are back; each row is what was archived\.$/,
  );
  await assert.rejects(
    archiveReadCommand(config, '2026-01', 'nothing', options),
    /There is no nothing in 2026-01: orders, /,
  );
  await assert.rejects(archiveWriteCommand(config, '2026-13', options), RangeError);
  await assert.rejects(archiveVerifyCommand(config, [], { ...options, folder: join(folder, 'none') }), /no months in/);
});
