/** It brings no types of its own. */
declare module 'wawoff2' {
  /** @returns the font in TrueType's format. @throws Error when it is none */
  export function decompress(woff2: Uint8Array): Promise<Uint8Array>;
}
