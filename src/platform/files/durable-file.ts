import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file so that after a power cut it is there whole, or not at all: beside its place, onto the disk, and then moved there.
 * One that holds something already is left as it is.
 * @returns false when it was there
 */
export function writeOnce(path: string, text: string, mode: number): boolean {
  return write(path, text, mode, (draft) => {
    try {
      linkSync(draft, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      // Left empty by a power cut, when files were not yet written in this way.
      if (statSync(path).size > 0) return false;
      renameSync(draft, path);
      return true;
    }
  });
}

/** The same for a file that may be replaced. */
export function writeDurably(path: string, text: string, mode: number): void {
  write(path, text, mode, (draft) => renameSync(draft, path));
}

function write<T>(path: string, text: string, mode: number, place: (draft: string) => T): T {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { mode, flush: true });
    const placed = place(draft);
    syncFolder(dirname(path));
    return placed;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Makes a folder and those above it. `mkdirSync` with `recursive` never returns where a system says that a folder cannot be there
 * although the one above it is, as under `/proc` and an automounter.
 * @throws the system's error
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path));
    makeFolder(path);
  }
}

/** Puts onto the disk which files are in a folder. Where a folder cannot be opened, its system keeps names in order by itself. */
export function syncFolder(folder: string): void {
  let opened: number | undefined;
  try {
    opened = openSync(folder, 'r');
    fsyncSync(opened);
  } catch {
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}
