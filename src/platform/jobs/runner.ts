import type { JobLane, JobLog, JobRunner } from './jobs.ts';
import { keepLane } from './lane.ts';
import { announcePresence, PRESENCE_BOUNDS, type PresenceBounds } from './presence.ts';

/** Works the channel off until stopped; told of new work by the database, not by asking. */
export async function startJobRunner(
  url: string,
  lanes: readonly JobLane[],
  log: JobLog,
  presenceBounds: PresenceBounds = PRESENCE_BOUNDS,
): Promise<JobRunner> {
  const presence = await announcePresence(url, log, presenceBounds);
  const lanesKept: JobRunner[] = [];
  const stop = async () => {
    await Promise.all(lanesKept.map((lane) => lane.stop()));
    await presence.leave();
  };
  try {
    for (const lane of lanes) lanesKept.push(await keepLane(url, lane, presence, log));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
