/** Puts a rehearsal's results into the documents: pages, figures, pictures, and what stands between markers. */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LADDERS } from '../ladder/ladders.ts';
import type { Ladder, Rung } from '../ladder/rung.ts';
import { sayScaling } from '../plan/capacity.ts';
import { collectMeasured, MEASURED } from '../plan/measured.ts';
import { formatWon } from '../plan/money.ts';
import { makePlan } from '../plan/plan.ts';
import { PRICES_FILE, readPrices } from '../plan/prices.ts';
import { writeJson } from '../rehearse/manifest.ts';
import { reportCommand } from '../report/command.ts';
import type { SavedReport } from '../report/saved-report.ts';
import type { FullHouse } from '../results/index.ts';
import { fillMarkers } from './markers.ts';
import { contentOf, type MeasuredLadder } from './published.ts';

/** Where markers may stand; what is Korean says so in its name. */
export const DOCUMENTS = ['README*.md', 'docs/guide/*.md'];
/** The results that `matjip plan` takes where nothing else is measured are the cache ladder's. */
const MEASURED_AS: Readonly<Record<Ladder['name'], string>> = { cache: MEASURED, strategy: `strategy-${MEASURED}` };
/** The peak that the documents speak of, requests a second. */
const PEAK = 3_000;

/** What a picture shows of a page: from one section to another, by their ids; from the top where the first is left out. */
export interface Picture {
  readonly name: string;
  readonly from?: string;
  readonly to: string;
}
export const PICTURES: Readonly<Record<Ladder['name'], readonly Picture[]>> = {
  cache: [
    { name: 'cache-ladder', to: 'bought' },
    { name: 'fast-and-wrong', from: 'wrong', to: 'carry' },
  ],
  strategy: [
    { name: 'strategy-carry', from: 'carry', to: 'carry' },
    { name: 'full-house', from: 'full-house', to: 'full-house' },
  ],
};

export interface Publication {
  /** A rehearsal's folder of results. */
  readonly from: string;
  /** The repository. */
  readonly root: string;
  /** @param page the report @param folder where the pictures go, one a language: NAME.png and NAME.ko.png */
  readonly takePictures: (page: string, pictures: readonly Picture[], folder: string) => Promise<void>;
}

/**
 * Publishes each ladder whose rungs are all measured; one of which only a part is there is named and left alone.
 * @returns the ladders that were published
 * @throws Error when a report cannot be made, or for a marker that says nothing
 */
export async function publish({ from, root, takePictures }: Publication): Promise<Ladder['name'][]> {
  const to = join(root, 'docs/rehearsal');
  const published: MeasuredLadder[] = [];
  for (const ladder of LADDERS) {
    const here = ladder.rungs.filter((rung) => existsSync(join(from, rung.name, 'manifest.json')));
    const missing = ladder.rungs.filter((rung) => rung.step !== undefined && !here.includes(rung));
    if (here.length === 0) continue;
    if (missing.length > 0) {
      console.error(`${ladder.name}: not published, for it lacks ${missing.map(({ name }) => name).join(', ')}`);
      continue;
    }
    published.push(await publishLadder(ladder, here, from, to));
    await takePictures(join(to, `${ladder.name}-ladder.html`), PICTURES[ladder.name], to);
  }
  for (const file of globSync(DOCUMENTS, { cwd: root })) {
    const language = file.endsWith('.ko.md') ? 'ko' : 'en';
    const before = readFileSync(join(root, file), 'utf8');
    const after = fillMarkers(before, (words) => contentOf(words, published, LADDERS, language));
    if (after !== before) writeFileSync(join(root, file), after);
  }
  return published.map(({ ladder }) => ladder.name);
}

async function publishLadder(
  ladder: Ladder,
  rungs: readonly Rung[],
  from: string,
  to: string,
): Promise<MeasuredLadder> {
  const file = (extension: string): string => join(to, `${ladder.name}-ladder.${extension}`);
  const outputs = ['-o', file('html'), '--md', file('md'), '--json', file('json'), '--lang', 'en'];
  const code = await reportCommand([...rungs.map(({ name }) => join(from, name)), ...outputs]);
  if (code !== 0) throw new Error(`${ladder.name}: the report could not be made`);
  const all = collectMeasured(from);
  const measured = all && { ...all, rungs: all.rungs.filter(({ ladder: name }) => name === ladder.name) };
  if (!measured || measured.rungs.length === 0) throw new Error(`${ladder.name}: no knee was measured`);
  writeJson(join(to, MEASURED_AS[ladder.name]), measured);
  const prices = readPrices(PRICES_FILE);
  const costs = makePlan(PEAK, measured, prices).rungs.flatMap(({ measured: { name }, perMillionOrders: dollars }) =>
    dollars === undefined ? [] : [[name, formatWon(dollars, prices)] as const],
  );
  const [scaled] = ladder.rungs.flatMap(
    ({ name }) => measured.rungs.find((rung) => rung.name === name && rung.scaling !== undefined) ?? [],
  );
  const houses = rungs.flatMap(({ name }) => {
    const house = join(from, name, 'full-house.json');
    return existsSync(house) ? [[name, readJson(house) as FullHouse] as const] : [];
  });
  return {
    ladder,
    report: readJson(file('json')) as SavedReport,
    fullHouses: new Map(houses),
    costs: new Map(costs),
    measuredAt: measured.measuredAt,
    ...(scaled?.scaling && { scaling: sayScaling(scaled.label, scaled.scaling) }),
  };
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
