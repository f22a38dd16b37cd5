import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** In the environment of everything that a test file starts: which file. */
export const TEST_FILE = 'MATJIP_TEST_FILE';

interface Leftover {
  readonly pid: number;
  /** Its program, and the file whose test started it. */
  readonly name: string;
}

/** Watchmen and browsers end a moment after the test that started them. */
const GRACE_MS = Number(process.env.MATJIP_TEST_GRACE_MS ?? 30_000);
const LOOK_EVERY_MS = 200;

/**
 * Waits until nothing works in a folder any more, and kills what goes on all the same.
 * @param folder the temporary folder of a run of tests, known to all that its tests started
 * @returns what had to be killed; nothing where the system has no /proc
 */
export async function endLeftovers(folder: string): Promise<string[]> {
  const untilMs = performance.now() + GRACE_MS;
  let found = processesOf(folder);
  while (found.length > 0 && performance.now() < untilMs) {
    await delay(LOOK_EVERY_MS);
    found = processesOf(folder);
  }
  for (const { pid } of found) kill(pid);
  return found.map(({ pid, name }) => `${name} (process ${pid}) was left behind, and was killed`);
}

/** Some servers write their title over their environment, so it is looked for in three places. */
function processesOf(folder: string): Leftover[] {
  let pids: number[];
  try {
    pids = readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid);
  } catch {
    return [];
  }
  return pids.flatMap((pid) => {
    const environment = read(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    const command = read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    const cwd = read(() => readlinkSync(`/proc/${pid}/cwd`));
    if (![environment, command, cwd].some((text) => text.includes(folder))) return [];
    const file = environment
      .split('\0')
      .find((each) => each.startsWith(`${TEST_FILE}=`))
      ?.slice(TEST_FILE.length + 1);
    const name = command.split('\0').join(' ').slice(0, 120).trim();
    // One that has ended and waits for its parent has no command line.
    return name ? [{ pid, name: file ? `${name} of ${file}` : name }] : [];
  });
}

function read(look: () => string): string {
  try {
    return look();
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}
