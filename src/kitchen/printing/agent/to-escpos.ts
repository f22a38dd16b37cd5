import receiptline from 'receiptline';
import type { PrintSlip } from '../../../contract/index.ts';
import { receiptText } from './receipt-text.ts';
import { type PaperOptions, slipText } from './slip-text.ts';

/** What stands on a slip, in ReceiptLine's notation. */
export const paperText = (slip: PrintSlip, paper: PaperOptions): string =>
  slip.receipt ? receiptText(slip.receipt, slip.copy, paper) : slipText(slip, paper);

/**
 * A slip as ESC/POS commands. Korean goes out as code page 949, which every kitchen printer sold in Korea has in its
 * font ROM: a raster image would also print on others, and take forty times the bytes and seconds. What the code page
 * does not have, `printable.ts` has written otherwise: nothing becomes a question mark.
 */
export const toEscPos = (slip: PrintSlip, paper: PaperOptions): Buffer =>
  Buffer.from(
    receiptline.transform(paperText(slip, paper), { command: 'escpos', encoding: 'cp949', cpl: paper.columns }),
    'latin1',
  );
