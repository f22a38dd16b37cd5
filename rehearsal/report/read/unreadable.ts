/** A file that cannot be reported on. The message is one line, names the file and says what is wrong with it. */
export class Unreadable extends Error {
  constructor(file: string, why: string) {
    super(`${file}: ${why}`);
    this.name = 'Unreadable';
  }
}

/** The reason of a failed file operation, as a person would say it. */
export function ioReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  if (code === 'EISDIR') return 'is a directory';
  return error instanceof Error ? error.message : String(error);
}
