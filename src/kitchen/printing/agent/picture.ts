import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { decompress } from 'wawoff2';

/** GNU Unifont: every letter of Unicode's first plane as 16 × 16 dots, which thermal heads print exactly. */
const LETTERS = import.meta.resolve('@fontsource/unifont/files/unifont-latin-400-normal.woff2');
/** What the first plane lacks, in outlines: the peanut of "no 🥜". */
const EMOJI = import.meta.resolve('@expo-google-fonts/noto-emoji/700Bold/NotoEmoji_700Bold.ttf');

/** Twice the font's dots: 4 mm on a head of 203 dots an inch. Once would be half as high as the printer's own letters. */
export const LETTER_DOTS = 32;

/** Dots a character of the printer's own letters is wide: 48 a line are the 576 of 80 mm paper. */
export const COLUMN_DOTS = 12;

/** Between black and white: the fonts' edges are grey where a stroke is no whole dot. */
const BLACK_FROM = 128;

let fonts: Promise<string> | undefined;

/**
 * Makes the fonts known to the library that draws, once a process, when the first text needs them. It reads files of TrueType only, so
 * Unifont is unpacked (12 MB, half a second) into a folder that goes with the process.
 * @returns the unpacked font's path
 */
async function loadFonts(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'matjip-font-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  try {
    const path = join(folder, 'unifont.ttf');
    await writeFile(path, await decompress(await readFile(fileURLToPath(LETTERS))));
    // Fonts stay known once they were drawn with: the emoji are found for whatever Unifont lacks.
    await sharp({
      text: { text: '!', font: `Noto Emoji Bold ${LETTER_DOTS}`, fontfile: fileURLToPath(EMOJI) },
    }).toBuffer();
    return path;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Draws a text of any script as it is read: marks above their letters, Arabic joined and from the right, broken between words.
 * @param columns how many of the printer's own characters a line holds
 * @returns a PNG of black dots, as Base64
 * @throws Error when it cannot be drawn here
 */
export async function drawText(text: string, columns: number): Promise<string> {
  fonts ??= loadFonts();
  const fontfile = await fonts.catch((error) => {
    fonts = undefined;
    throw error;
  });
  const png = await sharp({
    text: {
      // The library reads marks of its own in the text.
      text: text.toWellFormed().replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
      font: `Unifont, Noto Emoji Bold ${LETTER_DOTS}`,
      fontfile,
      width: columns * COLUMN_DOTS,
      dpi: 72,
      wrap: 'word-char',
    },
  })
    .negate()
    .threshold(BLACK_FROM)
    .toColourspace('b-w')
    .png()
    .toBuffer();
  return png.toString('base64');
}
