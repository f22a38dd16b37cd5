/** Loaded before a program: changes the text of one of its modules on its way from the disk. */
import { registerHooks } from 'node:module';
import { PLANTED, PLANTED_VARIABLE, type Planted, type PlantedName } from './planted.ts';

const { file, changes }: Planted = PLANTED[process.env[PLANTED_VARIABLE] as PlantedName];
const url = new URL(`../../${file}`, import.meta.url).href;

registerHooks({
  load(loading, context, next) {
    const loaded = next(loading, context);
    if (loading !== url) return loaded;
    let text = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
    for (const [right, wrong] of changes) {
      if (!text.includes(right)) throw new Error(`${file} has changed: plant the fault anew in planted.ts.`);
      text = text.replace(right, () => wrong);
    }
    return { ...loaded, source: text };
  },
});
