import { createHash } from 'node:crypto';
import { PHOTO_WIDTHS } from '../../contract/index.ts';
import { createKeyedSemaphore, type SemaphoreBounds } from '../../platform/concurrency/keyed-semaphore.ts';
import { invalidField, Problem } from '../../platform/http/problem.ts';

export interface PhotoBounds {
  /** Of a picture as it is received. */
  readonly bytesMax: number;
  /** Of a JPEG, which is decoded at the size that is needed. */
  readonly jpegPixelsMax: number;
  /** Of a PNG or WebP, which may have to be decoded as a whole, four bytes a pixel. */
  readonly otherPixelsMax: number;
  /** Of all the work on one picture. */
  readonly workSecondsMax: number;
  /** Of one process, however many bring pictures. */
  readonly turns: SemaphoreBounds;
}

/** A picture in the widths that phones ask for, without anything that a camera wrote beside it. */
export interface MadePhoto {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly files: readonly { readonly width: number; readonly webp: Buffer }[];
}

/** What a file is, by its first bytes; what its sender calls it proves nothing. */
const SIGNATURES = {
  jpeg: /^ffd8ff/,
  png: /^89504e470d0a1a0a/,
  webp: /^52494646.{8}57454250/,
} as const;
type Format = keyof typeof SIGNATURES;
const SIGNATURE_BYTES = 12;

const formatOf = (bytes: Uint8Array): Format | undefined => {
  const head = Buffer.from(bytes.subarray(0, SIGNATURE_BYTES)).toString('hex');
  return (Object.keys(SIGNATURES) as Format[]).find((format) => SIGNATURES[format].test(head));
};

/** Raised when the same bytes give other pictures, because widths or quality are others. */
const MADE_AS = 1;

/** Above it files grow and nobody sees why; below it stews turn to mud. */
const QUALITY = 76;

/** One picture after another. @throws Problem as {@link makePhoto}; `busy` where too many wait */
export function createMakePhoto(bounds: PhotoBounds): (bytes: Uint8Array) => Promise<MadePhoto> {
  const inTurn = createKeyedSemaphore(bounds.turns);
  return (bytes) => inTurn('', () => makePhoto(bytes, bounds));
}

/**
 * Makes what guests load of what somebody sent: turned as the camera says, in sRGB, in {@link PHOTO_WIDTHS} or as wide as it is, WebP, and
 * nothing of its metadata (a phone writes where it was taken). What it is and how many pixels it has is read from its head, so that a small
 * file that unpacks to gigabytes is refused before it costs memory.
 * @throws Problem `invalid` for `body`: no picture, too many pixels, cut off or damaged
 */
async function makePhoto(bytes: Uint8Array, bounds: PhotoBounds): Promise<MadePhoto> {
  const format = formatOf(bytes);
  if (!format) throw wrong('is no picture that can be read', 'JPEG, PNG or WebP');
  const sharp = await loadSharp();
  // `error`: what is cut off is refused; extra bytes, which many cameras leave, are not.
  const options = { failOn: 'error', limitInputPixels: bounds.jpegPixelsMax, sequentialRead: true } as const;
  const pixelsMax = format === 'jpeg' ? bounds.jpegPixelsMax : bounds.otherPixelsMax;
  try {
    const { width, height, format: found } = await sharp(bytes, { ...options, limitInputPixels: false }).metadata();
    if (found !== format) throw wrong('is no picture that can be read', 'JPEG, PNG or WebP');
    if (width * height > pixelsMax) {
      throw wrong(`has ${width} × ${height} pixels`, `at most ${pixelsMax / 1_000_000} million`);
    }
    const widest = Math.max(...PHOTO_WIDTHS);
    // Decoded once; the smaller ones are made of the widest.
    const { data, info } = await sharp(bytes, options)
      .timeout({ seconds: bounds.workSecondsMax })
      .autoOrient()
      .resize({ width: widest, height: widest * 2, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels } as const;
    const files = [];
    for (const each of PHOTO_WIDTHS) {
      const webp = await sharp(data, { raw })
        .timeout({ seconds: bounds.workSecondsMax })
        .resize({ width: each, height: each * 2, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: QUALITY })
        .toBuffer();
      files.push({ width: each, webp });
    }
    return { id: idOf(bytes), width: info.width, height: info.height, files };
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw wrong('is damaged or cut off', 'a whole JPEG, PNG or WebP');
  }
}

const idOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(`${MADE_AS} `).update(bytes).digest().subarray(0, 24).toString('base64url');

const wrong = (what: string, allowed: string): Problem => invalidField('body', what, allowed);

type Sharp = typeof import('sharp')['default'];
let loading: Promise<Sharp> | undefined;

/**
 * Loaded with the first picture: it takes 20 MB, and most processes never see one. It reads the three formats and no other of the dozens
 * that it knows, one picture on one thread, and keeps nothing.
 */
function loadSharp(): Promise<Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({
      operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
    });
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return loading;
}
