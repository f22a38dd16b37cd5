import { Guests } from './guests.ts';
import { Parties } from './parties.ts';
import { installDriver } from './postgres/driver.ts';
import type { Step } from './steps.ts';
import { settled, startVirtualTime } from './virtual-time.ts';
import { World } from './world.ts';

const PASSES_MS = [1, 10, 60, 600, 3_000, 12_000, 61_000, 330_000, 86_400_000];
const SKEWS_MS = [0, 3_600_000, -3_600_000, 90_000_000, -90_000_000];
/** Statements, answers and messages of one step at most. */
const GO_MAX = 20;
/** Rounds of calm by which everything that follows has happened; a job that failed three times comes again after eight seconds. */
const ROUNDS_MAX = 400;
const ROUND_MS = 1_500;

/**
 * Tells one story to the product: its steps as they come, then everything that is on its way, then the judgement. Nothing of it depends on the
 * machine, so the same steps are the same story.
 * @returns of how many steps it was, those of its end included
 * @throws AssertionError with what is wrong and the story
 */
export async function runStory(steps: readonly Step[]): Promise<number> {
  const uninstall = installDriver();
  const time = startVirtualTime(1);
  try {
    return await tell(steps, time);
  } finally {
    time.restore();
    uninstall();
  }
}

async function tell(steps: readonly Step[], time: ReturnType<typeof startVirtualTime>): Promise<number> {
  const world: World = new World(time, {
    committed: (changed) => parties.committed(changed),
    replaced: (place) => guests.replaced(place),
  });
  const guests = new Guests(world);
  const parties = new Parties(world);
  await settled();
  for (const step of steps) await take(step, { world, guests, parties });
  await comeToRest({ world, guests, parties });
  guests.judge();
  await parties.judge(() => world.calm());
  world.assertNothingWrong();
  return world.steps;
}

interface Scene {
  readonly world: World;
  readonly guests: Guests;
  readonly parties: Parties;
}

async function take({ kind, which, how }: Step, { world, guests, parties }: Scene): Promise<void> {
  switch (kind) {
    case 'go':
      await world.go(which, 1 + (how % GO_MAX));
      return;
    case 'order':
      guests.order(which, how);
      break;
    case 'again':
      guests.again(which, how);
      break;
    case 'cancel':
      guests.cancel(which, how);
      break;
    case 'cook':
      guests.cook(which, how);
      break;
    case 'follow':
      guests.follow(which, how);
      break;
    case 'join':
      parties.join(which, how);
      break;
    case 'move':
      parties.move(which, how);
      break;
    case 'set-aside':
      parties.setAside(which);
      break;
    case 'pass':
      return world.pass(PASSES_MS[which % PASSES_MS.length]!);
    case 'clock': {
      const place = world.places[which % 2]!;
      place.skewMs = SKEWS_MS[how % SKEWS_MS.length]!;
      world.say(`the clock of ${place.process.name} is ${place.skewMs / 3_600_000} h off`);
      return;
    }
    case 'kill':
      return world.kill(which, how);
    case 'cut':
      return world.cut(which, how);
    case 'give-up':
      return world.giveUp(which);
    case 'crash':
      return world.crash(how);
    case 'lose':
    case 'double':
      return world.disturb(kind, which, how);
  }
  await settled();
}

/** Nothing fails any more: whoever heard nothing asks again, jobs are worked off, and everybody hears what they missed. */
async function comeToRest({ world, guests, parties }: Scene): Promise<void> {
  for (const place of world.places) place.skewMs = 0;
  for (let round = 0; ; round += 1) {
    await world.calm();
    const isUnheard = [guests.insist(round), parties.insist(round)].includes(true);
    if (!isUnheard && world.postgres.rows('job').length === 0) break;
    if (round === ROUNDS_MAX) {
      world.wrong(`it does not come to rest: ${JSON.stringify(world.postgres.rows('job')).slice(0, 300)}`);
      break;
    }
    await settled();
    await world.calm();
    if (round % 5 === 4) void world.ask('freeing jobs', world.places[round % 2]!.process.freeJobs());
    await world.pass(ROUND_MS);
  }
  guests.reopen();
  await settled();
  await world.calm();
}
