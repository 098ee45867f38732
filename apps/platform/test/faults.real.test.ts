import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FlowRecord } from '@hypervigil/contract';
import type { RunningPlatform } from '../src/index.ts';
import {
  type Credentials,
  connectEngine,
  enrol,
  observedVm,
  PASSWORD,
  personWith,
  type Scratch,
  signIn,
  signInFirst,
  startTestCloud,
  type TestEngine,
  type TestPerson,
  until,
} from '../src/testing/index.ts';
import { enrolled, platformProgram } from './platform-program.ts';

/** Asks for changes as fast as they are answered, and keeps what was acknowledged. */
function work(person: () => TestPerson) {
  const acknowledged: string[] = [];
  const statuses = new Set<number>();
  let refusals = 0;
  let stopped = false;
  const running = (async () => {
    for (let i = 0; !stopped; i++) {
      const body = JSON.stringify({ name: `t${i}` });
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      const response = await person()
        .fetch('/api/v1/tenants', init)
        .catch(() => undefined);
      statuses.add(response?.status ?? 0);
      if (response?.status === 201) acknowledged.push(`t${i}`);
      else {
        refusals += 1;
        await pause(20);
      }
      await response?.arrayBuffer().catch(() => undefined);
    }
  })();
  return {
    acknowledged,
    statuses,
    refusals: () => refusals,
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** Sends batches of flows as an engine does: again until acknowledged, over as many connections as it takes. */
function stream(connect: () => Promise<TestEngine>) {
  let sent = 0;
  let acknowledged = 0;
  let stopped = false;
  let engine: TestEngine | undefined;
  const running = (async () => {
    while (!stopped || acknowledged < sent) {
      sent = Math.max(sent, acknowledged + 1);
      const batch = `batch-${acknowledged + 1}`;
      try {
        if (engine?.socket.readyState !== 1) engine = await connect();
        const from = engine.received.length;
        engine.send({ type: 'flows', batch, records: [flow(acknowledged + 1)], names: [], lost: 0 });
        const current = engine;
        await until('stored or closed', () => {
          if (current.socket.readyState !== 1) return true;
          return current.received.slice(from).some((m) => m.type === 'flows.stored' && m.batch === batch);
        });
        if (current.received.slice(from).some((m) => m.type === 'flows.stored')) acknowledged += 1;
      } catch {
        await pause(50);
      }
    }
  })();
  return {
    acknowledged: () => acknowledged,
    async stop() {
      stopped = true;
      await running;
      engine?.close();
    },
  };
}

async function requireNothingLost(person: TestPerson, names: readonly string[], flows: number): Promise<void> {
  const found = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await person.client.listTenants({
      query: { limit: 1000, ...(cursor === undefined ? {} : { cursor }) },
    });
    for (const { name } of page.items) found.add(name);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(
    names.filter((name) => !found.has(name)),
    [],
  );
  const { points } = await person.client.flowSeries({ query: {} });
  assert.equal(
    points.reduce((sum, point) => sum + point.allowFlows, 0),
    flows,
    'each batch once',
  );
}

describe('PostgreSQL killed under load', () => {
  let scratch: Scratch;
  let platform: RunningPlatform;
  let person: TestPerson;
  let stop: () => Promise<void>;
  let credentials: Credentials;
  before(async () => {
    ({ scratch, platform, person, stop } = await startTestCloud('faults', { durable: true }));
    credentials = await enrol(platform, person, 'h1');
  });
  after(async () => {
    await stop();
  });

  it('answers 503 meanwhile, comes back by itself, and has lost nothing that it acknowledged', async () => {
    const tenants = work(() => person);
    const flows = stream(() => connectEngine(platform, credentials, { obedient: true }));
    for (let round = 0; round < 3; round++) {
      const before = tenants.acknowledged.length;
      await until('some work', () => tenants.acknowledged.length > before + 20);
      const pid = await until('a server', () => scratch.postgres.pid());
      process.kill(pid, 'SIGKILL');
      await until('another server', () => scratch.postgres.pid() !== pid && scratch.postgres.pid(), 60_000);
      const then = tenants.acknowledged.length;
      await until('work goes on', () => tenants.acknowledged.length > then, 60_000);
    }
    await tenants.stop();
    await flows.stop();
    assert.ok(
      [...tenants.statuses].every((status) => [201, 503].includes(status)),
      [...tenants.statuses].join(),
    );
    assert.ok(flows.acknowledged() > 0);
    await requireNothingLost(person, tenants.acknowledged, flows.acknowledged());
    const engine = await connectEngine(platform, credentials, { obedient: true });
    engine.send({ type: 'inventory', reason: 'reconnect', vms: [observedVm(1)], drift: [] });
    await until('the VM', () => person.client.getVm({ params: { id: observedVm(1).id } }));
    const tenant = await person.client.createTenant({ body: { name: 'after all' } });
    await until('intent flows again', () => engine.intent()?.tenants.some(({ id }) => id === tenant.id));
    engine.close();
  });
});

/** Waits until more than so many tenants and batches of flows have been acknowledged from now on. */
async function moreWork(
  tenants: ReturnType<typeof work>,
  flows: ReturnType<typeof stream>,
  than: { readonly tenants: number; readonly flows: number },
  timeoutMs?: number,
): Promise<void> {
  const [made, told] = [tenants.acknowledged.length + than.tenants, flows.acknowledged() + than.flows];
  await until('more work', () => tenants.acknowledged.length > made && flows.acknowledged() > told, timeoutMs);
}

describe('the platform killed under load', () => {
  let dir: string;
  let platform: ReturnType<typeof platformProgram>;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hv-'));
    await chmod(dir, 0o711);
    platform = platformProgram(dir);
    await platform.start();
  });
  after(async () => {
    await platform.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('has everything that it acknowledged when it is back', async () => {
    const { here } = platform;
    const person = await signInFirst(here());
    const credentials = await enrolled(person);
    const tenants = work(() => personWith(here(), person.cookie));
    const flows = stream(() => connectEngine(here(), credentials));
    for (let round = 0; round < 2; round++) {
      await moreWork(tenants, flows, { tenants: 10, flows: 3 });
      await platform.kill();
      await platform.start();
    }
    await tenants.stop();
    await flows.stop();
    const again = personWith(here(), await signIn(here(), 'admin', PASSWORD));
    await requireNothingLost(again, tenants.acknowledged, flows.acknowledged());
    await assert.rejects(readFile(here().firstPasswordFile), { code: 'ENOENT' });
  });
});

describe('a platform that begins anew', () => {
  let dir: string;
  let platform: ReturnType<typeof platformProgram>;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hv-'));
    await chmod(dir, 0o711);
    platform = platformProgram(dir);
    await platform.start();
  });
  after(async () => {
    await platform.stop();
    await rm(dir, { recursive: true, force: true });
  });

  for (const how of ['stop', 'kill'] as const)
    it(`says of no host that it is connected that was so before the ${how}`, async () => {
      const { here } = platform;
      const person =
        how === 'stop' ? await signInFirst(here()) : personWith(here(), await signIn(here(), 'admin', PASSWORD));
      const state = async () => (await person.client.listHosts({ query: {} })).items.map((host) => host.state);
      await connectEngine(here(), await enrolled(person, `to-${how}`));
      await until('online', async () => (await state()).includes('online'));
      await platform[how]();
      await platform.start();
      const again = personWith(here(), await signIn(here(), 'admin', PASSWORD));
      const { items } = await again.client.listHosts({ query: {} });
      assert.ok(items.length > 0);
      assert.deepEqual(new Set(items.map((host) => host.state)), new Set(['offline']));
    });
});

describe('the platform’s disk full under load', () => {
  let dir: string;
  let platform: ReturnType<typeof platformProgram>;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hv-'));
    await chmod(dir, 0o711);
    platform = platformProgram(dir);
    // In a mount namespace of its own, so that the disk goes with the process whatever happens.
    const mount = 'mount -t tmpfs -o size=256m,mode=711 hv-full "$0" && exec "$@"';
    await platform.start(['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mount, dir]);
  });
  after(async () => {
    await platform.stop();
    await rm(dir, { recursive: true, force: true });
  });
  /** Runs a command where the platform's disk is seen. */
  const onDisk = (...argv: string[]) =>
    promisify(execFile)('nsenter', [`--target=${platform.pid()}`, '--mount', '--', ...argv]);

  it('answers 503 meanwhile, comes back by itself, and has lost nothing that it acknowledged', async () => {
    const { here } = platform;
    const person = await signInFirst(here());
    const credentials = await enrolled(person);
    const tenants = work(() => personWith(here(), person.cookie));
    const flows = stream(() => connectEngine(here(), credentials));
    for (let round = 0; round < 2; round++) {
      await moreWork(tenants, flows, { tenants: 10, flows: 3 });
      const refusals = tenants.refusals();
      const filler = join(dir, `filler-${round}`);
      await assert.rejects(onDisk('dd', 'if=/dev/zero', `of=${filler}`, 'bs=4k'), /No space left/);
      await until('refused work', () => tenants.refusals() > refusals, 120_000);
      await onDisk('rm', filler);
      await moreWork(tenants, flows, { tenants: 0, flows: 0 }, 120_000);
    }
    await tenants.stop();
    await flows.stop();
    assert.deepEqual([...tenants.statuses].toSorted(), [201, 503]);
    await requireNothingLost(person, tenants.acknowledged, flows.acknowledged());
  });
});

function flow(n: number): FlowRecord {
  const now = Date.now();
  return {
    key: `flow-${n}`,
    point: 'egress',
    net: 0,
    protocol: 6,
    srcIp: '10.0.0.1',
    dstIp: '10.0.0.2',
    srcPort: 1024 + (n % 60_000),
    dstPort: 443,
    srcMac: null,
    dstMac: null,
    icmpType: null,
    icmpCode: null,
    verdict: 'allow',
    rule: 5,
    pending: null,
    inspection: null,
    revision: 1,
    bytes: 100,
    packets: 1,
    replyBytes: 0,
    replyPackets: 0,
    tcpFlags: 2,
    startMs: now,
    endMs: now,
  };
}
