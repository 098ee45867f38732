/**
 * The platform with 10,000 VMs: requests per second for a page of the VM list, beside the least that such a page can
 * cost (platform-peer.ts), and how soon it answers after it was started.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  connectEngine,
  createRequest,
  observedVm,
  PASSWORD,
  personWith,
  signIn,
  signInFirst,
  type TestPerson,
  until,
} from '@hypervigil/platform/testing';
import { endChild } from './daemon.ts';
import { type Metric, median, percentile } from './metric.ts';
import { firstLine, type PlatformProcess, startPlatformProcess } from './platform-process.ts';

const VMS = 10_000;
const TURNS = 5;
const TURN_MS = 3_000;
/** Requests under way at once. */
const AT_ONCE = 8;
const RATE_GOAL = 0.5;
const P99_GOAL_MS = 100;
const START_GOAL_MS = 5_000;
/** A page of somebody whose rights are for a part of a tenant, one after the other. */
const MEMBER_PAGES = 100;
const MEMBER_GOAL_MS = 50;
const STARTS = 3;
const TENANT = 'acme';

const program = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const round = (value: number, digits = 0) => Number(value.toFixed(digits));

export async function* platformBench(): AsyncGenerator<Metric> {
  const dir = await mkdtemp(join(tmpdir(), 'hv-'));
  // The database's account has to pass.
  await chmod(dir, 0o711);
  let platform = await startPlatformProcess(dir);
  try {
    const person = await signInFirst(platform);
    yield await measureIngest(platform, person);
    yield* measureList(dir, platform, person);
    yield await measureMember(platform, person);
    const starts: number[] = [];
    for (let i = 0; i < STARTS; i++) {
      await endChild(platform.child, 'SIGTERM');
      platform = await startPlatformProcess(dir);
      starts.push(platform.startMs);
    }
    yield {
      name: 'platform',
      metric: `start with ${VMS} VMs until /readyz`,
      value: round(median(starts)),
      unit: 'ms',
      peer: '',
      ratio: null,
      goal: `<= ${START_GOAL_MS} ms`,
      pass: median(starts) <= START_GOAL_MS,
    };
  } finally {
    await endChild(platform.child, 'SIGTERM');
    await rm(dir, { recursive: true, force: true });
  }
}

/** The VMs come as an engine brings them. */
async function measureIngest(platform: PlatformProcess, person: TestPerson): Promise<Metric> {
  const { token } = await person.client.createEnrolment({ body: { hostName: 'bench' } });
  const { csr, key } = await createRequest();
  const { hostId, certificate: cert, ca } = await person.client.enrol({ body: { token, csr } });
  const engine = await connectEngine(platform, { hostId, key, cert, ca });
  await person.client.createTenant({ body: { name: TENANT } });
  const vms = Array.from({ length: VMS }, (_, i) =>
    observedVm(i + 1, { claims: { tenant: TENANT, tags: { part: i % 2 === 0 ? 'own' : 'other' } } }),
  );
  const started = performance.now();
  engine.send({ type: 'inventory', reason: 'start', vms, drift: [] });
  await until('all VMs', async () => (await person.client.listVms({ query: { limit: 1 } })).total === VMS, 120_000);
  const ms = performance.now() - started;
  engine.close();
  return {
    name: 'platform',
    metric: `inventory of ${VMS} new VMs taken in`,
    value: round(ms),
    unit: 'ms',
    peer: '',
    ratio: null,
    goal: '<= 10000 ms',
    pass: ms <= 10_000,
  };
}

/** A page as a member of the tenant gets it whose rights are for a group of half of its VMs. */
async function measureMember(platform: PlatformProcess, admin: TestPerson): Promise<Metric> {
  const [tenant] = (await admin.client.listTenants({ query: {} })).items;
  const tenantId = tenant!.id;
  const group = await admin.client.createGroup({
    body: { name: 'own', description: '', tenantId, vmIds: [], selector: 'part=own' },
  });
  const scope = { groupIds: [group.id], networkIds: [] };
  const account = await admin.client.createAccount({
    body: { name: 'member', duty: 'tenant-member', tenantId, scope },
  });
  const member = personWith(platform, await signIn(platform, account.name, account.password));
  await member.client.changePassword({ body: { current: account.password, next: PASSWORD } });
  const { total } = await member.client.listVms({ query: { limit: 1 } });
  if (total !== VMS / 2) throw new Error(`a member of half of the VMs sees ${total}`);
  const target = { url: `${platform.httpUrl}/api/v1/vms`, headers: { cookie: member.cookie } };
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  for (let n = -10; n < MEMBER_PAGES; n++) {
    const begin = performance.now();
    await fetchWhole(target, agent);
    if (n >= 0) times.push(performance.now() - begin);
  }
  agent.destroy();
  return {
    name: 'platform',
    metric: `VM list of a member with rights for ${VMS / 2} of ${VMS}, median`,
    value: round(median(times), 1),
    unit: 'ms',
    peer: '',
    ratio: null,
    goal: `<= ${MEMBER_GOAL_MS} ms`,
    pass: median(times) <= MEMBER_GOAL_MS,
  };
}

async function* measureList(dir: string, platform: PlatformProcess, person: TestPerson): AsyncGenerator<Metric> {
  const socketDir = join(dir, 'run', 'postgres');
  const peer = spawn(process.execPath, [program('platform-peer.ts'), socketDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const port = await firstLine(peer, /^\d+$/m);
    const ours = { url: `${platform.httpUrl}/api/v1/vms`, headers: { cookie: person.cookie } };
    const theirs = { url: `http://127.0.0.1:${port}/`, headers: {} };
    const measured = { ours: [] as Turn[], theirs: [] as Turn[] };
    for (let turn = -1; turn < TURNS; turn++) {
      const [a, b] = [await load(ours), await load(theirs)];
      if (turn < 0) continue;
      measured.ours.push(a);
      measured.theirs.push(b);
    }
    const rate = (turns: Turn[]) => median(turns.map((turn) => turn.times.length / (turn.ms / 1000)));
    const p99 = (turns: Turn[]) =>
      percentile(
        turns.flatMap((turn) => turn.times),
        0.99,
      );
    const ratio = rate(measured.ours) / rate(measured.theirs);
    yield {
      name: 'platform',
      metric: `VM list, 100 of ${VMS}, ${AT_ONCE} at once`,
      value: round(rate(measured.ours)),
      unit: 'requests/s',
      peer: `SELECT as JSON over node:http ${round(rate(measured.theirs))} requests/s`,
      ratio: round(ratio, 2),
      goal: `>= ${RATE_GOAL} of the peer's rate`,
      pass: ratio >= RATE_GOAL,
    };
    yield {
      name: 'platform',
      metric: `VM list, 99th percentile, ${AT_ONCE} at once`,
      value: round(p99(measured.ours), 1),
      unit: 'ms',
      peer: `SELECT as JSON over node:http ${round(p99(measured.theirs), 1)} ms`,
      ratio: round(p99(measured.ours) / p99(measured.theirs), 2),
      goal: `<= ${P99_GOAL_MS} ms`,
      pass: p99(measured.ours) <= P99_GOAL_MS,
    };
  } finally {
    await endChild(peer);
  }
}

interface Turn {
  readonly ms: number;
  /** Of each request. */
  readonly times: number[];
}

async function load(target: { url: string; headers: Record<string, string> }): Promise<Turn> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const times: number[] = [];
  const started = performance.now();
  const caller = async () => {
    while (performance.now() - started < TURN_MS) {
      const begin = performance.now();
      await fetchWhole(target, agent);
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  agent.destroy();
  return { ms: performance.now() - started, times };
}

function fetchWhole({ url, headers }: { url: string; headers: Record<string, string> }, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`HTTP ${response.statusCode} from ${url}`));
      response.on('end', resolve).on('error', reject).resume();
    }).on('error', reject);
  });
}
