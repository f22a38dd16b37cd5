import receiptline from 'receiptline';
import type { PrintSlip } from '../../../contract/index.ts';
import { drawText } from './picture.ts';
import { receiptText } from './receipt-text.ts';
import { type PaperLine, type PaperOptions, slipLines, slipText } from './slip-text.ts';

/** What stands on a slip as far as the printer's own letters go, in ReceiptLine's notation. */
export const paperText = (slip: PrintSlip, paper: PaperOptions): string =>
  slip.receipt ? receiptText(slip.receipt, slip.copy, paper) : slipText(slip, paper);

/**
 * A slip as ESC/POS commands. Korean goes out as code page 949, which every kitchen printer sold in Korea has in its
 * font ROM: a raster image takes forty times the bytes and seconds. What the code page does not have, `printable.ts` has
 * written otherwise; a wish or a name of which letters would be lost is drawn, so that an allergy can be read in any script.
 * @param draw gives a PNG as Base64; where it fails, the letters that there are go out, and where to read the others
 */
export async function toEscPos(slip: PrintSlip, paper: PaperOptions, draw = drawText): Promise<Buffer> {
  const text = slip.receipt ? paperText(slip, paper) : (await drawn(slipLines(slip, paper), paper, draw)).join('\n');
  return Buffer.from(
    receiptline.transform(text, { command: 'escpos', encoding: 'cp949', cpl: paper.columns }),
    'latin1',
  );
}

async function drawn(lines: readonly PaperLine[], { columns }: PaperOptions, draw: typeof drawText): Promise<string[]> {
  const texts: string[] = [];
  for (const line of lines) {
    if (typeof line === 'string') texts.push(line);
    else
      texts.push(
        await draw(line.draw, columns).then(
          (png) => `|{image:${png}}`,
          () => line.instead,
        ),
      );
  }
  return texts;
}
