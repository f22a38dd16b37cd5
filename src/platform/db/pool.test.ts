import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import { eventually } from '../../../test/support/eventually.ts';
import { PATIENT, testDatabase } from '../../../test/support/postgres.ts';
import { openDb, type Transaction } from './pool.ts';
import { createSilenceBreaker, DatabaseSilent } from './silence-breaker.ts';

const { url } = await testDatabase({ after });
const db = openDb({ ...PATIENT, url, connectionsMax: 1 });
after(() => db.close());
await db.query('CREATE TABLE note (id int PRIMARY KEY)');

const ids = async (): Promise<number[]> => {
  const { rows } = await db.query<{ id: number }>('SELECT id FROM note ORDER BY id');
  return rows.map(({ id }) => id);
};
const insert = (tx: Transaction, id: unknown) => tx.query('INSERT INTO note (id) VALUES ($1)', [id]);

test('a transaction’s last statements and its COMMIT are sent together, and its answer comes when it is committed', async () => {
  const answer = await db.transaction(async (tx) => {
    await insert(tx, 1);
    await tx.commitWith(() => Promise.all([insert(tx, 2), insert(tx, 3)]));
    return 'done';
  });
  assert.equal(answer, 'done');
  assert.deepEqual(await ids(), [1, 2, 3]);
});

test('when one of the last statements fails nothing is committed, and it is said which', async () => {
  const taken = db.transaction((tx) => tx.commitWith(() => Promise.all([insert(tx, 4), insert(tx, 1), insert(tx, 5)])));
  await assert.rejects(taken, { code: '23505' });
  // The same connection goes on.
  assert.deepEqual(await ids(), [1, 2, 3]);
});

test('a statement that the driver does not send keeps the others from being committed', async () => {
  const cannot = {
    toPostgres() {
      throw new Error('This value cannot be sent.');
    },
  };
  for (const refused of [
    (tx: Transaction) => insert(tx, cannot),
    (tx: Transaction) => tx.query('INSERT INTO note (id) VALUES ($1)', 'no list' as never),
  ]) {
    const taken = db.transaction((tx) => tx.commitWith(() => Promise.all([insert(tx, 6), refused(tx)])));
    await assert.rejects(taken, /cannot be sent|must be an array/);
    assert.deepEqual(await ids(), [1, 2, 3]);
  }
});

test('what comes after the COMMIT is refused, and is in no transaction', async () => {
  const late = db.transaction(async (tx) => {
    await tx.commitWith(() => insert(tx, 7));
    await insert(tx, 8);
  });
  await assert.rejects(late, /after the COMMIT/);
  assert.deepEqual(await ids(), [1, 2, 3, 7]);
});

test('what a branch still wants when another has failed, or when the work is over, is refused and in no transaction', async () => {
  const before = await ids();
  let late: Promise<unknown> = Promise.resolve();
  // It asks for more when it has its first answer; nobody else has waited for that.
  const slow = async (tx: Transaction): Promise<void> => {
    await tx.query('SELECT');
    await insert(tx, 11);
  };
  const failed = db.transaction((tx) => {
    late = slow(tx);
    return Promise.all([late, Promise.reject(new Error('Refused.'))]);
  });
  await assert.rejects(failed, /Refused\./);
  await assert.rejects(late, /after the ROLLBACK/);
  await db.transaction(async (tx) => {
    late = slow(tx);
    late.catch(() => {});
  });
  await assert.rejects(late, /after the COMMIT/);
  assert.deepEqual(await ids(), before);
});

test('connections that are kept open are opened with the first one, before anybody needs them', async (t) => {
  const applicationName = 'kept-open';
  const kept = openDb({ ...PATIENT, url, connectionsMax: 4, connectionsMin: 3, applicationName });
  t.after(() => kept.close());
  const open = async (): Promise<number> => {
    const { rows } = await db.query<{ count: number }>(
      'SELECT count(*) FROM pg_stat_activity WHERE application_name = $1',
      [applicationName],
    );
    return rows[0]!.count;
  };
  assert.equal(await open(), 0);
  await kept.query('SELECT');
  await eventually(async () => assert.equal(await open(), 3));
});

/** A line to the database. @param onPhone told of each connection through it */
async function openLine(t: TestContext, onPhone: (phone: Socket) => void): Promise<string> {
  const { hostname, port } = new URL(url);
  const line = createServer((phone: Socket) => {
    const behind = connect(Number(port), hostname);
    onPhone(phone);
    phone.pipe(behind);
    behind.pipe(phone);
    for (const socket of [phone, behind]) socket.on('error', () => {}).on('close', () => behind.destroy());
  });
  await new Promise<void>((ready) => line.listen(0, '127.0.0.1', ready));
  t.after(() => line.close());
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((line.address() as { port: number }).port);
  return through.href;
}

test('when the database was silent nobody tries again on a connection of before', async (t) => {
  const phones: Socket[] = [];
  const through = await openLine(t, (phone) => phones.push(phone));
  const told: unknown[] = [];
  const note = (details: object) => void told.push(details);
  const answers = async () => {
    const beside = openDb({ ...PATIENT, url, connectionsMax: 1 });
    await beside.query('SELECT').finally(() => beside.close());
  };
  const breaker = createSilenceBreaker({ tickMs: 20, ticksMax: 10 }, answers, { warn: note, info: () => {} });
  const own = openDb({ ...PATIENT, url: through, connectionsMax: 3, breaker });
  t.after(async () => {
    breaker.close();
    for (const phone of phones) phone.destroy();
    await own.close();
  });
  // All three lie idle, then nothing passes any more through what is open.
  await Promise.all(Array.from({ length: 3 }, () => own.query('SELECT pg_sleep(0.1)')));
  assert.equal(phones.length, 3);
  for (const phone of phones) phone.pause().unpipe();
  await assert.rejects(own.query('SELECT'), DatabaseSilent);
  await eventually(() => own.query('SELECT'));
  assert.equal(told.length, 1, 'one silence, however many connections had been open');
});

test('when one statement is not answered at all nobody tries again on a connection of before', async (t) => {
  const phones: Socket[] = [];
  const through = await openLine(t, (phone) => phones.push(phone));
  const own = openDb({
    url: through,
    acquireTimeoutMs: PATIENT.acquireTimeoutMs,
    statementTimeoutMs: 3_000,
    connectionsMax: 3,
  });
  t.after(async () => {
    for (const phone of phones) phone.destroy();
    await own.close();
  });
  await Promise.all(Array.from({ length: 3 }, () => own.query('SELECT pg_sleep(0.1)')));
  for (const phone of phones) phone.pause().unpipe();
  await assert.rejects(own.query('SELECT'), /Connection terminated|Client/);
  await own.query('SELECT');
});

test('what a transaction sends in one turn of the event loop leaves as one write, its COMMIT with the last of it', async (t) => {
  const heard: Buffer[] = [];
  const through = await openLine(t, (phone) => phone.on('data', (chunk) => heard.push(chunk)));
  const own = openDb({ ...PATIENT, url: through, connectionsMax: 1 });
  t.after(() => own.close());
  await own.query('SELECT');
  heard.length = 0;
  await own.transaction(async (tx) => {
    await Promise.all([tx.query('SELECT 1'), tx.query('SELECT $1::int', [2]), tx.query('SELECT $1::int', [3])]);
    await tx.commitWith(() => Promise.all([insert(tx, 9), insert(tx, 10)]));
  });
  const writes = heard.map((chunk) => chunk.toString('latin1'));
  assert.equal(writes.length, 2);
  assert.match(writes[0]!, /BEGIN[\s\S]*SELECT 1[\s\S]*SELECT \$1[\s\S]*SELECT \$1/);
  assert.match(writes[1]!, /INSERT[\s\S]*INSERT[\s\S]*COMMIT/);
});
