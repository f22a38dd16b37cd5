import receiptline from 'receiptline';
import type { PrintSlip } from '../../../contract/index.ts';
import { type SlipLanguage, slipText } from './slip-text.ts';

export interface PaperOptions {
  /** Characters a line: 48 on 80 mm paper, 32 on 58 mm. */
  readonly columns: number;
  readonly language: SlipLanguage;
  readonly timeZone: string;
}

/**
 * A slip as ESC/POS commands. Korean goes out as code page 949, which every kitchen printer sold in Korea has in its
 * font ROM: a raster image would also print on others, and take forty times the bytes and seconds.
 */
export const toEscPos = (slip: PrintSlip, { columns, language, timeZone }: PaperOptions): Buffer =>
  Buffer.from(
    receiptline.transform(slipText(slip, language, timeZone), { command: 'escpos', encoding: 'cp949', cpl: columns }),
    'latin1',
  );
