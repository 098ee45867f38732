import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { StreamEvent } from '@hypervigil/contract';
import type { RunningPlatform } from '../src/index.ts';
import {
  connectEngine,
  enrol,
  observedVm,
  PASSWORD,
  personWith,
  query,
  type Scratch,
  signIn,
  startTestCloud,
  startTestPlatform,
  type TestPerson,
  until,
} from '../src/testing/index.ts';

interface Stream {
  readonly events: { id: string; event: StreamEvent }[];
  lastId(): string;
  close(): void;
  readonly ended: Promise<void>;
}

async function follow(person: TestPerson, lastEventId?: string): Promise<Stream> {
  const abort = new AbortController();
  const response = await person.fetch('/api/v1/events', {
    signal: abort.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const events: Stream['events'] = [];
  let lastId = '';
  const read = async () => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const id = /^id: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (id !== undefined) lastId = id;
        if (data !== undefined) events.push({ id: lastId, event: StreamEvent.parse(JSON.parse(data)) });
      }
    }
  };
  const ended = read().catch(() => undefined);
  await until('the stream has begun', () => lastId !== '');
  return { events, lastId: () => lastId, close: () => abort.abort(), ended };
}

describe('the event stream', () => {
  let scratch: Scratch;
  let platform: RunningPlatform;
  let person: TestPerson;
  let stop: () => Promise<void>;
  let databaseUrl: string;
  before(async () => {
    ({ scratch, databaseUrl, platform, person, stop } = await startTestCloud('events'));
  });
  after(async () => {
    await stop();
  });

  it('tells of hosts and VMs as they change, and of lists that are worth reading again', async () => {
    const stream = await follow(person);
    const credentials = await enrol(platform, person, 'h1');
    const engine = await connectEngine(platform, credentials);
    engine.send({ type: 'inventory', reason: 'start', vms: [observedVm(1)], drift: [] });
    const has = (test: (event: StreamEvent) => boolean) => () => stream.events.some(({ event }) => test(event));
    await until(
      'the enrolment',
      has((e) => e.kind === 'changed' && e.what === 'enrolments'),
    );
    await until(
      'the host online',
      has((e) => e.kind === 'host' && e.host.state === 'online'),
    );
    await until(
      'the VM',
      has((e) => e.kind === 'vm' && e.vm.id === observedVm(1).id),
    );
    await person.client.createTenant({ body: { name: 'acme' } });
    await until(
      'tenants',
      has((e) => e.kind === 'changed' && e.what === 'tenants'),
    );
    engine.close();
    await until(
      'the host offline',
      has((e) => e.kind === 'host' && e.host.state === 'offline'),
    );
    stream.close();
    const ids = stream.events.map(({ id }) => Number(id));
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    );
  });

  it('resumes where a reader was, and says so when that is not known', async () => {
    const stream = await follow(person);
    const place = stream.lastId();
    stream.close();
    for (let i = 0; i < 5; i++) await person.client.createTenant({ body: { name: `t${i}` } });
    const again = await follow(person, place);
    await until('what was missed', () => again.events.some(({ event }) => event.kind === 'changed'));
    assert.ok(again.events.every(({ event }) => event.kind !== 'reset'));
    again.close();
    for (const unknown of ['999999', 'x', '-1']) {
      const reset = await follow(person, unknown);
      await until('reset', () => reset.events[0]?.event.kind === 'reset');
      reset.close();
    }
  });

  it('says reset when what was missed is no longer kept', async () => {
    const stream = await follow(person);
    const place = stream.lastId();
    stream.close();
    await person.client.createTenant({ body: { name: 'pruned' } });
    await query(databaseUrl, 'delete from events where id <= (select max(id) from events)');
    await person.client.createTenant({ body: { name: 'kept' } });
    const again = await follow(person, place);
    await until('reset', () => again.events.some(({ event }) => event.kind === 'reset'));
    again.close();
  });

  it('tells the same at another process of the same platform', async () => {
    const other = await startTestPlatform(scratch, 'events', { databaseUrl, runDir: `${scratch.dir}/other-run` });
    const there = personWith(other, await signIn(other, 'admin', PASSWORD));
    const stream = await follow(there);
    const tenant = await person.client.createTenant({ body: { name: 'everywhere' } });
    await until('the news', () =>
      stream.events.some(({ event }) => event.kind === 'changed' && event.what === 'tenants'),
    );
    assert.equal((await there.client.getTenant({ params: { id: tenant.id } })).name, 'everywhere');
    const stopped = other.stop();
    await stream.ended;
    await stopped;
  });
});
