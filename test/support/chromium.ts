import { type Browser, chromium } from 'playwright-core';
import { findProgram } from './programs.ts';

/** What keeps Debian's Chromium from reaching for the network or the graphics card. */
const ARGUMENTS = [
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

/**
 * A real headless Chromium; whoever launches it closes it.
 * @throws Error that says what to install when there is none
 */
export function launchBrowser(): Promise<Browser> {
  // Chromium refuses its sandbox to root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: findProgram('chromium'), args: [...ARGUMENTS, ...sandbox] });
}
