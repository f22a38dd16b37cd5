import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { atEndOf } from '../../../../test/support/lifetime.ts';
import { openPrinter, Unsure } from './printer.ts';
import { createAnswerReader } from './printer-connection.ts';

const QUESTIONS = ['\x10\x04\x02', '\x10\x04\x04', '\x1dr\x01'];
const [CAUSE, , IN_TURN] = QUESTIONS;
const OK = 0x12;
const NO_PAPER = 0x12 | 0x60;
const COVER_OPEN = 0x12 | 0x04;
const SLIP = Buffer.from('one slip\n');

interface FakePrinter {
  readonly to: string;
  /** All that came and was no question. */
  printed: string;
  /** What it answers to `DLE EOT 2` and `DLE EOT 4`; undefined answers nothing. */
  cause: number | undefined;
  paper: number | undefined;
  /** What it answers to `GS r`: a number of answers, then none. */
  confirmations: number;
  onSlip(socket: Socket): void;
}

/** A printer on the network that works through what it gets in order, as ESC/POS printers do. */
async function startPrinter(t: TestContext, behaviour: Partial<FakePrinter> = {}): Promise<FakePrinter> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      let rest = bytes.toString('latin1');
      while (rest !== '') {
        const question = QUESTIONS.find((each) => rest.startsWith(each));
        const text = question ?? rest.slice(0, 1);
        rest = rest.slice(text.length);
        if (!question) {
          fake.printed += text;
          if (text === '\n') fake.onSlip(socket);
        } else if (question !== IN_TURN) {
          const answer = question === CAUSE ? fake.cause : fake.paper;
          if (answer !== undefined) socket.write(Buffer.from([answer]));
        } else if (fake.confirmations > 0) {
          fake.confirmations -= 1;
          // Automatic Status Back may come at any time, and looks like answers.
          socket.write(Buffer.from([0x10, 0x00, 0x00, 0x0f, 0x00]));
        }
      }
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  atEndOf(t, async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const fake: FakePrinter = {
    to: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    printed: '',
    cause: OK,
    paper: OK,
    confirmations: Number.POSITIVE_INFINITY,
    onSlip: () => {},
    ...behaviour,
  };
  return fake;
}

/** Long where an answer comes, short where none does. */
const unanswered = { answerWithinMs: 60_000, printWithinMs: 50 };
const answered = { answerWithinMs: 60_000, printWithinMs: 60_000 };

test('a printer that says so has printed', async (t) => {
  const fake = await startPrinter(t);
  const printer = openPrinter(fake.to, answered);
  await printer.ready();
  assert.equal(fake.printed, '');
  await printer.print(SLIP);
  await printer.print(SLIP);
  assert.equal(fake.printed, SLIP.toString().repeat(2));
});

test('a printer without paper, or with its cover open, gets no slip', async (t) => {
  const fake = await startPrinter(t, { paper: NO_PAPER });
  const printer = openPrinter(fake.to, answered);
  await assert.rejects(printer.ready(), /no paper/);
  await assert.rejects(printer.print(SLIP), (error) => !(error instanceof Unsure));
  Object.assign(fake, { paper: OK, cause: COVER_OPEN });
  await assert.rejects(printer.ready(), /cover is open/);
  assert.equal(fake.printed, '');
  fake.cause = OK;
  await printer.ready();
});

test('a printer that resets, hangs up or swallows the slip leaves it unsure', async (t) => {
  const resets = await startPrinter(t, { onSlip: (socket) => void socket.resetAndDestroy() });
  await assert.rejects(openPrinter(resets.to, answered).print(SLIP), Unsure);
  const hangsUp = await startPrinter(t, { onSlip: (socket) => void socket.end() });
  await assert.rejects(openPrinter(hangsUp.to, answered).print(SLIP), Unsure);
  // It answers the question before the slip, and after it none.
  const swallows = await startPrinter(t, { confirmations: 1 });
  await assert.rejects(openPrinter(swallows.to, unanswered).print(SLIP), (error: Error) => {
    assert.ok(error instanceof Unsure);
    assert.match(error.message, /does not say that it is printed/);
    return true;
  });
});

test('paper that ends within the slip leaves it unsure, and says why', async (t) => {
  const stuck = await startPrinter(t, {
    confirmations: 1,
    onSlip: () => {
      stuck.paper = NO_PAPER;
    },
  });
  await assert.rejects(openPrinter(stuck.to, unanswered).print(SLIP), { name: 'Unsure', message: /no paper/ });
  const atTheEnd = await startPrinter(t, {
    onSlip: () => {
      atTheEnd.paper = NO_PAPER;
    },
  });
  await assert.rejects(openPrinter(atTheEnd.to, answered).print(SLIP), { name: 'Unsure', message: /no paper/ });
});

test('a printer that cannot answer gets no slip unless it is told to be believed', async (t) => {
  const mute = await startPrinter(t, { cause: undefined, paper: undefined, confirmations: 0 });
  const asked = openPrinter(mute.to, { answerWithinMs: 50 });
  await assert.rejects(asked.ready(), /--no-status/);
  await assert.rejects(asked.print(SLIP), /--no-status/);
  assert.equal(mute.printed, '');
  const believed = openPrinter(mute.to, { status: false });
  await believed.ready();
  await believed.print(SLIP);
  assert.equal(mute.printed, SLIP.toString());
  const half = await startPrinter(t, { confirmations: 0 });
  await assert.rejects(openPrinter(half.to, { answerWithinMs: 50 }).ready(), /--no-status/);
});

test('a printer that is believed and resets leaves the slip unsure all the same', async (t) => {
  const resets = await startPrinter(t, { onSlip: (socket) => void socket.resetAndDestroy() });
  await assert.rejects(openPrinter(resets.to, { status: false }).print(SLIP), Unsure);
});

test('answers are told apart from what a printer says unasked, however they are cut', () => {
  const stream = [0x11, 0x10, 0x12, 0x00, 0x0f, 0x12, 0x13, 0x0c, 0x1e];
  const heard: [string, number][] = [];
  const read = createAnswerReader((to, answer) => heard.push([to, answer]));
  for (const byte of stream) read(Uint8Array.of(byte));
  assert.deepEqual(heard, [
    ['at once', 0x12],
    ['in turn', 0x0c],
    ['at once', 0x1e],
  ]);
});
