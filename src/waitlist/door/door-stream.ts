import type { EventStream } from '../../platform/live/event-streams.ts';
import type { LiveHub } from '../../platform/live/postgres-live.ts';
import type { ReadDoor } from './read-door.ts';

/** Sends the whole door at the beginning, when it changed, and after a gap. */
export function followDoor(read: ReadDoor, live: LiveHub, stream: EventStream, storeId: string): void {
  let sent = '';
  let reading = false;
  let again = false;

  function look(): void {
    again = reading;
    if (reading) return;
    reading = true;
    read(storeId)
      .then((door) => {
        const text = JSON.stringify(door);
        if (text === sent || stream.closed) return;
        sent = text;
        stream.send('door', door);
      })
      // The reader comes back and reads the truth.
      .catch(() => stream.end())
      .finally(() => {
        reading = false;
        if (again && !stream.closed) look();
      });
  }

  const ends = [live.subscribe(`waitlist ${storeId}`, look), live.onGap(look)];
  stream.onClose(() => {
    for (const end of ends) end();
  });
  look();
}
