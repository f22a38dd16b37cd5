import { type GenerateOptions, generate } from './generate.ts';

/** One generator process: gets its share as the first message, sends its result as the last, and goes with its parent. */
process.once('message', (options: GenerateOptions) => {
  void generate(options).then((result) => {
    process.send!(result, () => process.disconnect());
  });
});
process.once('disconnect', () => process.exit());
