import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT, SetupError } from './node24.mjs';

const LOCK = join(ROOT, 'dist/setup.lock');
const POLL_MS = 200;

/**
 * Brings something up to date, one process of this clone at a time: of two `npm start` at once, the second waits.
 * @param isDone a cheap look; asked again after waiting, because the other one may have done it
 */
export async function once(isDone, work) {
  if (isDone()) return;
  let told = false;
  while (!tryLock()) {
    if (!told) process.stderr.write('Another Matjip is setting this clone up; waiting for it.\n');
    told = true;
    await delay(POLL_MS);
  }
  const release = () => rmSync(LOCK, { force: true });
  process.once('exit', release);
  try {
    if (!isDone()) await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function tryLock() {
  try {
    mkdirSync(dirname(LOCK), { recursive: true });
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw notWritable(error);
  }
  const holder = Number(readHolder());
  // Empty: the other one has made the file and not yet written to it.
  if (holder && !isAlive(holder)) rmSync(LOCK, { force: true });
  return false;
}

function readHolder() {
  try {
    return readFileSync(LOCK, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The line for a folder that cannot be written to; other errors pass unchanged. */
export function notWritable(error) {
  if (error.code === 'ENOSPC') return new SetupError(`The disk of ${ROOT} is full: make room and try again.`);
  if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) return error;
  return new SetupError(`${ROOT} cannot be written: give yourself the right to, or clone into a folder of yours.`);
}
