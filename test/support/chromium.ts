import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { atEndOf, type Lifetime } from './lifetime.ts';
import { findProgram } from './programs.ts';

/** What keeps Debian's Chromium from reaching for the network or the graphics card. */
const ARGUMENTS = [
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

export type BrowserProgram = 'chromium-headless-shell' | 'chromium';

/**
 * A real headless Chromium; whoever launches it closes it. Its headless shell is the same engine without the window's own parts, which nobody
 * sees here: opening and tapping the same pages takes a quarter of the processor time (3.3 s instead of 12.8 s for eight of them).
 * @param program `chromium` for what the shell has not: it sends nothing in the background for a page that was closed
 * @throws Error that says what to install when there is none
 */
export function launchBrowser(program: BrowserProgram = 'chromium-headless-shell'): Promise<Browser> {
  return chromium.launch(command(program));
}

/** A Chromium of its own that is set to block all cookies, and with them all storage, as some phones are; the shell has no such settings. */
export async function launchWithoutStorage(t: Lifetime, options: BrowserContextOptions): Promise<BrowserContext> {
  const home = await mkdtemp(join(tmpdir(), 'matjip-chromium-'));
  await mkdir(join(home, 'Default'));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(home, 'Default/Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(home, { ...command('chromium'), ...options });
  atEndOf(t, async () => {
    await context.close();
    await rm(home, { recursive: true, force: true });
  });
  return context;
}

function command(program: BrowserProgram): { executablePath: string; args: string[] } {
  // Chromium refuses its sandbox to root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { executablePath: findProgram(program), args: [...ARGUMENTS, ...sandbox] };
}
