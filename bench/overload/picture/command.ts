import { readFileSync, writeFileSync } from 'node:fs';
import type { OverloadResult } from '../rows.ts';
import { overloadPicture } from './picture.ts';

/**
 * `bench overload-picture BEFORE AFTER -o FILE.svg`: draws two files of `bench overload --out`, in English, and beside it
 * FILE.ko.svg in Korean.
 * @returns 0, or 2 for files that cannot be drawn
 */
export function overloadPictureCommand(files: readonly string[], out: string | undefined): number {
  if (files.length !== 2 || !out?.endsWith('.svg')) {
    console.error('overload-picture takes two results of the bench overload, before and after, and -o FILE.svg.');
    return 2;
  }
  try {
    const [before, after] = files.map(readResult);
    writeFileSync(out, overloadPicture(before!, after!, 'en'));
    writeFileSync(out.replace(/\.svg$/, '.ko.svg'), overloadPicture(before!, after!, 'ko'));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
}

function readResult(file: string): OverloadResult {
  const result = JSON.parse(readFileSync(file, 'utf8')) as Partial<OverloadResult>;
  if (result.kind !== 'matjip-overload') throw new Error(`${file} is no result of the bench overload.`);
  return result as OverloadResult;
}
