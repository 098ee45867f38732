import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HOST_FIREWALL_FEATURE } from '@hypervigil/contract';
import type { HostFirewallIntent, HostFirewallPolicy, HostFirewallStatus } from '@hypervigil/model';
import type { RunningPlatform } from '../src/index.ts';
import {
  codeIs,
  connectEngine,
  enrol,
  query,
  startTestCloudWithHost,
  type TestEngine,
  type TestPerson,
  until,
} from '../src/testing/index.ts';

const policy: HostFirewallPolicy = {
  mode: 'enforce',
  inbound: 'deny',
  outbound: 'allow',
  sets: [{ name: 'managers', cidrs: ['10.0.0.0/24'] }],
  rules: [{ direction: 'in', action: 'allow', services: ['ssh'], peers: ['managers'], comment: '' }],
  keepSsh: true,
};
const open: HostFirewallPolicy = { ...policy, mode: 'observe' };
const status = (revision: number, state: HostFirewallStatus['state']): HostFirewallStatus => ({
  revision,
  state,
  problem: state === 'rolled-back' ? { code: 'not-confirmed', params: {} } : null,
  kept: 0,
  repairs: 0,
  rules: [{ packets: 1, bytes: 60 }],
  inbound: null,
  outbound: null,
  unknown: [],
});

describe('firewalls of hosts', () => {
  let platform: RunningPlatform;
  let person: TestPerson;
  let stop: () => Promise<void>;
  let databaseUrl: string;
  let engine: TestEngine;
  let id: string;
  const features = [HOST_FIREWALL_FEATURE];

  before(async () => {
    const cloud = await startTestCloudWithHost('hostfirewall', { features });
    ({ platform, person, stop, databaseUrl, engine, hostId: id } = cloud);
  });
  after(() => stop());

  const told = (to: TestEngine, accept: (intent: HostFirewallIntent) => boolean): Promise<HostFirewallIntent> =>
    until('a host firewall is told', () => {
      const intents = to.received.flatMap((message) =>
        message.type === 'host-firewall' ? (message.intent ?? []) : [],
      );
      return intents.find(accept);
    });
  const reported = (state: HostFirewallStatus): Promise<unknown> => {
    engine.send({ type: 'host-firewall', status: state });
    return until('the status is shown', async () => {
      const { status } = await person.client.getHostFirewall({ params: { id } });
      return status?.revision === state.revision && status.state === state.state;
    });
  };
  const actions = async () =>
    (await person.client.listAudit({ query: {} })).items.flatMap(({ action }) =>
      action.startsWith('host-firewall') ? [action] : [],
    );

  it('an engine that knows of them is told that nothing is set; an older one is told nothing', async () => {
    assert.equal((await engine.expect('host-firewall')).intent, null);
    const older = await connectEngine(platform, await enrol(platform, person, 'old'));
    await older.expect('intent');
    assert.ok(!older.received.some(({ type }) => type === 'host-firewall'));
    older.close();
  });

  it('the default goes to every host on trial, and a word of a person keeps it', async () => {
    const before = await person.client.getHostFirewallDefault();
    assert.deepEqual([before.revision, before.policy], [0, null]);
    await person.client.updateHostFirewallDefault({ body: { policy, revision: 0, trialSeconds: 60 } });
    assert.deepEqual(await told(engine, () => true), { revision: 1, policy, confirmed: false, trialSeconds: 60 });
    await reported(status(1, 'trial'));
    assert.equal((await person.client.confirmHostFirewallDefault({ body: { revision: 1 } })).confirmed, true);
    await told(engine, ({ revision, confirmed }) => revision === 1 && confirmed);
    assert.deepEqual(await actions(), ['host-firewall.default.confirmed', 'host-firewall.default.updated']);
  });

  it('a host that joins later gets the default, which needs no further word', async () => {
    const credentials = await enrol(platform, person, 'h2');
    const later = await connectEngine(platform, credentials, { features });
    const intent = await told(later, () => true);
    assert.deepEqual([intent.revision, intent.confirmed], [1, true]);
    later.close();
  });

  it('a policy of its own takes the place of the default, until the host inherits again', async () => {
    await person.client.updateHostFirewall({ params: { id }, body: { policy: open, revision: 1 } });
    const own = await told(engine, ({ revision }) => revision === 2);
    assert.deepEqual([own.policy, own.confirmed], [open, false]);
    await person.client.updateHostFirewallDefault({ body: { policy: null, revision: 1 } });
    assert.equal((await person.client.getHostFirewall({ params: { id } })).revision, 2);
    const { inherited, policy: now } = await person.client.inheritHostFirewall({
      params: { id },
      body: { revision: 2 },
    });
    assert.deepEqual([inherited, now], [true, null]);
    assert.equal((await told(engine, ({ revision }) => revision === 3)).policy, null);
  });

  it('a change on another revision than it was made on is refused, and changes nothing', async () => {
    const body = { policy, revision: 1 };
    await assert.rejects(person.client.updateHostFirewall({ params: { id }, body }), codeIs('stale-revision'));
    await assert.rejects(
      person.client.confirmHostFirewall({ params: { id }, body: { revision: 1 } }),
      codeIs('stale-revision'),
    );
    await assert.rejects(person.client.updateHostFirewallDefault({ body }), codeIs('stale-revision'));
    assert.equal((await person.client.getHostFirewall({ params: { id } })).revision, 3);
  });

  it('a trial that is over cannot be confirmed, and is in the audit', async () => {
    await person.client.updateHostFirewall({ params: { id }, body: { policy, revision: 3 } });
    await told(engine, ({ revision }) => revision === 4);
    await reported(status(4, 'rolled-back'));
    await assert.rejects(
      person.client.confirmHostFirewall({ params: { id }, body: { revision: 4 } }),
      codeIs('trial-over'),
    );
    assert.equal((await actions())[0], 'host-firewall.rolled-back');
    const { items } = await person.client.listHostFirewalls({ query: { q: 'h1' } });
    assert.deepEqual(
      items.map(({ hostName, inherited, status }) => [hostName, inherited, status?.problem?.code]),
      [['h1', false, 'not-confirmed']],
    );
  });

  it('a default that every host has given up cannot be confirmed, and goes to no other host', async () => {
    const { revision } = await person.client.getHostFirewall({ params: { id } });
    await person.client.inheritHostFirewall({ params: { id }, body: { revision } });
    const before = await person.client.getHostFirewallDefault();
    await query(databaseUrl, 'delete from hosts where id <> $1', [id]);
    await person.client.updateHostFirewallDefault({ body: { policy, revision: before.revision } });
    const given = await told(engine, (intent) => intent.revision === revision + 2);
    await reported(status(given.revision, 'rolled-back'));
    const body = { revision: before.revision + 1 };
    await assert.rejects(person.client.confirmHostFirewallDefault({ body }), codeIs('trial-over'));
    assert.equal((await person.client.getHostFirewallDefault()).confirmed, false);
  });

  it('a host that knows more than a restored database is told again', async () => {
    await query(databaseUrl, 'update host_firewalls set revision = 2 where host_id = $1', [id]);
    await reported(status(90, 'kept'));
    assert.deepEqual((await told(engine, ({ revision }) => revision === 91)).policy, policy);
  });

  it('a policy that names what it does not have is refused with the place', async () => {
    const body = { policy: { ...policy, sets: [] }, revision: 91 };
    await assert.rejects(
      person.client.updateHostFirewall({ params: { id }, body }),
      ({ body }: { body?: { problems: { field: string; code: string }[] } }) =>
        body?.problems[0]?.field === 'policy.rules.0.peers.0' && body.problems[0].code === 'unknown-set',
    );
  });
});
