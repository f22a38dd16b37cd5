import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { SIGNED_IN } from './page-key.ts';
import { openTicketStream } from './ticket-stream.ts';

/** What a browser's EventSource is to its page, told by hand what comes. */
class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static last: FakeEventSource;
  readyState = FakeEventSource.CONNECTING;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.last = this;
  }
  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }
}

const { EventSource: before } = globalThis;
beforeEach(() => Object.assign(globalThis, { EventSource: FakeEventSource }));
afterEach(() => Object.assign(globalThis, { EventSource: before }));

for (const key of [SIGNED_IN, null]) {
  test(`whoever needs no ticket (${key}) hears what comes, though they listen after the stream was opened`, () => {
    const stream = openTicketStream('/api/v1/stores/jeju/bills/events', '/stores/jeju', key);
    const heard: Event[] = [];
    stream.addEventListener('bills', (event) => heard.push(event));
    FakeEventSource.last.dispatchEvent(new Event('bills'));
    assert.equal(heard.length, 1);
    assert.equal(FakeEventSource.last.url, '/api/v1/stores/jeju/bills/events');
    stream.close();
    assert.equal(FakeEventSource.last.readyState, FakeEventSource.CLOSED);
  });
}
