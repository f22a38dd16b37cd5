/** A client that opens as many streams of a board as it can, and opens again what is closed. Arguments: port, path, how many. */
import { connect } from 'node:net';

const [port, path, count] = process.argv.slice(2);
const AGAIN_MS = 1_000;
const OPEN_EVERY_MS = 5;
const OPEN_AT_ONCE = 20;
const said = { connected: 0, streams: 0 };

function open(): void {
  const socket = connect(Number(port), '127.0.0.1');
  let isStream = false;
  socket.on('connect', () => {
    said.connected += 1;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n`);
  });
  socket.on('data', (chunk: Buffer) => {
    if (isStream || !chunk.toString('latin1').startsWith('HTTP/1.1 200')) return;
    isStream = true;
    said.streams += 1;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    said.streams -= Number(isStream);
    setTimeout(open, AGAIN_MS);
  });
}

let left = Number(count);
const opening = setInterval(() => {
  for (let times = 0; times < OPEN_AT_ONCE && left > 0; times += 1, left -= 1) open();
  if (left > 0) return;
  clearInterval(opening);
  process.send!('open');
}, OPEN_EVERY_MS);
process.on('message', () => process.send!(said));
process.once('disconnect', () => process.exit());
