import { spawn } from 'node:child_process';

/**
 * Ends another process when this one ends, however it ends. A small shell sleeps on a pipe from this process; when we
 * are gone the pipe closes, and the shell sends the signal and wakes the other, in case it is frozen. Without it, whoever kills us leaves our servers behind.
 * @returns how to send the watchman home, because the watched process is about to end in another way
 */
export function watch(pid: number, signal: 'INT' | 'TERM' | 'KILL'): { dismiss(): void } {
  const shell = spawn('/bin/sh', ['-c', 'read -r _; kill -"$1" "$2"; kill -CONT "$2"', 'sh', signal, String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Should there be no shell, the only loss is the watchman.
  shell.on('error', () => {});
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return { dismiss: () => void shell.kill('SIGKILL') };
}
