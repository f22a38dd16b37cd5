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

/**
 * A real headless Chromium; whoever launches it closes it.
 * @throws Error that says what to install when there is none
 */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(command());
}

/** A Chromium of its own that is set to block all cookies, and with them all storage, as some phones are. */
export async function launchWithoutStorage(t: Lifetime, options: BrowserContextOptions): Promise<BrowserContext> {
  const home = await mkdtemp(join(tmpdir(), 'matjip-chromium-'));
  await mkdir(join(home, 'Default'));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(home, 'Default/Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(home, { ...command(), ...options });
  atEndOf(t, async () => {
    await context.close();
    await rm(home, { recursive: true, force: true });
  });
  return context;
}

function command(): { executablePath: string; args: string[] } {
  // Chromium refuses its sandbox to root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { executablePath: findProgram('chromium'), args: [...ARGUMENTS, ...sandbox] };
}
