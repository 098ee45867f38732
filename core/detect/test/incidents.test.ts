import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ALERT_CODES,
  type Alert,
  type AlertCode,
  type IncidentMoment,
  MAX_INCIDENT_ALERTS,
  MAX_INCIDENT_TIES,
  MAX_INCIDENT_VMS,
  SEVERITIES,
} from '@hypervigil/model';
import fc from 'fast-check';
import {
  entitiesOf,
  entityKey,
  type Grouped,
  graphOf,
  INCIDENT_WINDOW_MS,
  incidentOf,
  inOrder,
  type OpenIncident,
  placeAlert,
} from '../src/index.ts';

const RUNS = Number(process.env['FC_RUNS'] ?? 300);
const HOUR = 3_600_000;

type Seen = Omit<Grouped, 'incidentId' | 'binds'>;
const alert = (id: string, vm: string, others: readonly string[], atMs = 0, side: Seen['side'] = 'source'): Seen => ({
  ...{ id, vmId: vm, side, entities: [`vm:${vm}`, ...others], firstMs: atMs, lastMs: atMs },
});

/** What the platform keeps: alerts with their incidents, and what is known of each of these. */
class Desk {
  readonly alerts = new Map<string, Grouped>();
  readonly arranged = new Set<string>();
  readonly assignees = new Map<string, string>();
  readonly why = new Map<string, readonly { readonly key: string; readonly alertId: string }[]>();
  #next = 0;

  take(...some: readonly Seen[]): this {
    for (const one of some) {
      const others = [...this.alerts.values()];
      const { incidentId, takes, ties } = placeAlert(one, others, this.open());
      const into = incidentId ?? `i${String(++this.#next).padStart(4, '0')}`;
      for (const other of others)
        if (takes.includes(other.incidentId)) this.alerts.set(other.id, { ...other, incidentId: into });
      this.alerts.set(one.id, { ...one, incidentId: into, binds: true });
      this.why.set(one.id, ties);
    }
    return this;
  }

  open(): Map<string, OpenIncident> {
    const groups = Map.groupBy(this.alerts.values(), ({ incidentId }) => incidentId);
    return new Map(
      [...groups].map(([id, some]) => [
        id,
        {
          ...{ id, createdMs: Number(id.slice(1)), alerts: some.length, isArranged: this.arranged.has(id) },
          vmIds: [...new Set(some.map(({ vmId }) => vmId))],
          assignees: this.assignees.has(id) ? [this.assignees.get(id)!] : [],
        },
      ]),
    );
  }

  /** Alerts by incident, in an order that says nothing. */
  groups(): string[] {
    const groups = Map.groupBy(this.alerts.values(), ({ incidentId }) => incidentId);
    return [...groups.values()]
      .map((some) =>
        some
          .map(({ id }) => id)
          .sort()
          .join(' '),
      )
      .sort();
  }
}

describe('which incident an alert belongs to', () => {
  it('is the one of alerts with the same VM, the same address or the same domain, and says so', () => {
    const desk = new Desk().take(
      alert('a', 'web', ['address:203.0.113.7']),
      alert('b', 'web', ['vm:db']),
      alert('c', 'db', ['name:evil.example']),
      alert('d', 'mail', ['name:evil.example']),
      alert('e', 'other', ['address:198.51.100.1']),
    );
    assert.deepEqual(desk.groups(), ['a b c d', 'e']);
    assert.deepEqual(desk.why.get('a'), []);
    assert.deepEqual(desk.why.get('c'), [{ key: 'vm:db', alertId: 'b' }]);
    assert.deepEqual(desk.why.get('d'), [{ key: 'name:evil.example', alertId: 'c' }]);
  });

  it('is one where an alert belongs to two', () => {
    const desk = new Desk().take(alert('a', 'web', []), alert('b', 'db', []), alert('c', 'web', ['vm:db']));
    assert.deepEqual(desk.groups(), ['a b c']);
    assert.equal(desk.alerts.get('b')!.incidentId, 'i0001', 'the older one stays');
  });

  it('ends after six hours of quiet, and not while it goes on', () => {
    const after = (quietMs: number) => new Desk().take(alert('a', 'web', []), alert('b', 'web', [], quietMs)).groups();
    assert.deepEqual(after(INCIDENT_WINDOW_MS), ['a b']);
    assert.deepEqual(after(INCIDENT_WINDOW_MS + 1), ['a', 'b']);
    const lasting = { ...alert('a', 'web', []), lastMs: 24 * HOUR };
    assert.deepEqual(new Desk().take(lasting, alert('b', 'web', [], 29 * HOUR)).groups(), ['a b']);
  });

  it('is not glued together by who does it to everybody, nor by what everybody uses', () => {
    const scanned = Array.from({ length: 40 }, (_, n) =>
      alert(`a${n}`, `vm${n}`, ['address:203.0.113.7'], n, 'target'),
    );
    const resolving = Array.from({ length: 40 }, (_, n) => alert(`b${n}`, `vm${n + 100}`, ['vm:resolver'], n));
    const sizes = new Desk()
      .take(...scanned, ...resolving, alert('r', 'resolver', []))
      .groups()
      .map((group) => group.split(' ').length);
    assert.deepEqual([Math.max(...sizes), sizes.filter((size) => size > 1).length], [8, 2]);
  });

  it('leaves together what a person put together, and apart what a person took apart or another works on', () => {
    const both = () => new Desk().take(alert('a', 'web', []), alert('b', 'db', []));
    const bridge = alert('c', 'web', ['vm:db']);
    const arranged = both();
    arranged.arranged.add(arranged.alerts.get('b')!.incidentId);
    assert.deepEqual(arranged.take(bridge).groups(), ['a c', 'b']);
    const worked = both();
    worked.assignees.set('i0001', 'alice').set('i0002', 'bob');
    assert.deepEqual(worked.take(bridge).groups(), ['a c', 'b']);
    worked.assignees.set('i0002', 'alice');
    assert.deepEqual(worked.take({ ...bridge, id: 'd' }).groups(), ['a b c d']);
  });

  it('is none where the others were false alarms, or closed', () => {
    const known: Grouped = { ...alert('a', 'web', []), incidentId: 'i1', binds: false };
    const open = new Map([
      ['i1', { id: 'i1', createdMs: 0, alerts: 1, vmIds: ['web'], isArranged: false, assignees: [] }],
    ]);
    assert.equal(placeAlert(alert('b', 'web', []), [known], open).incidentId, null);
    assert.equal(placeAlert(alert('b', 'web', []), [{ ...known, binds: true }], open).incidentId, 'i1');
    assert.equal(placeAlert(alert('b', 'web', []), [{ ...known, binds: true }], new Map()).incidentId, null);
  });

  const arbitrary = (vms: number, ends: number, hours: number) =>
    fc
      .array(
        fc.record({
          vm: fc.nat(vms),
          others: fc.array(fc.nat(ends), { maxLength: 3 }),
          atMs: fc.nat(hours * HOUR),
          side: fc.constantFrom('source' as const, 'target' as const),
        }),
        { maxLength: 120 },
      )
      .map((some) =>
        some.map(({ vm, others, atMs, side }, n) =>
          alert(
            `a${n}`,
            `v${vm}`,
            others.map((one) => (one % 2 === 0 ? `vm:v${one}` : `address:${one}`)),
            atMs,
            side,
          ),
        ),
      );

  it('does not depend on the order in which alerts come, while nothing is full or common', () => {
    const few = arbitrary(2, 5, 20).map((some) => some.slice(0, 14));
    fc.assert(
      fc.property(few, fc.infiniteStream(fc.nat()), (alerts, keys) => {
        const order = new Map(alerts.map(({ id }) => [id, keys.next().value as number]));
        const shuffled = alerts.toSorted((a, b) => order.get(a.id)! - order.get(b.id)!);
        assert.deepEqual(new Desk().take(...shuffled).groups(), new Desk().take(...alerts).groups());
      }),
      { numRuns: RUNS },
    );
  });

  it('holds no more than an incident may, whatever comes, and ties only to what is there', () => {
    fc.assert(
      fc.property(arbitrary(30, 40, 4), (alerts) => {
        const desk = new Desk().take(...alerts);
        for (const { alerts: count, vmIds } of desk.open().values())
          assert.ok(count <= MAX_INCIDENT_ALERTS && vmIds.length <= MAX_INCIDENT_VMS);
        for (const [id, ties] of desk.why) {
          assert.ok(ties.length <= MAX_INCIDENT_TIES);
          const own = desk.alerts.get(id)!;
          for (const { key, alertId } of ties) {
            const other = desk.alerts.get(alertId)!;
            assert.ok(own.entities.includes(key) && other.entities.includes(key));
            assert.equal(other.incidentId, own.incidentId);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});

const VM = '00000000-0000-4000-8000-000000000001';
const PEER = '00000000-0000-4000-8000-000000000002';
const TENANT = '00000000-0000-4000-8000-00000000000a';
const whole = (code: AlertCode, change: Partial<Alert> = {}): Alert => ({
  ...{ id: code, code, severity: 'medium', reason: 'none-answered', state: 'new', resolution: null },
  ...{ vmId: VM, vmName: 'web1', tenantId: TENANT, side: 'source', technique: 'T1', expected: {}, seen: {}, peers: [] },
  ...{ flowKeys: [], count: 1, assignee: null, incidentId: null },
  ...{ firstAt: '2026-01-31T08:00:00.000Z', lastAt: '2026-01-31T08:00:09.000Z', createdAt: '2026-01-31T08:00:05.000Z' },
  ...change,
});

describe('what an alert has in common with others', () => {
  it('is its VM, its other ends and the domain, and not the resolver that is asked', () => {
    const outside = { ip: '203.0.113.7', vmId: null, tenantId: null };
    const inside = { ip: '10.0.0.9', vmId: PEER, tenantId: null };
    const keys = (one: Alert) => entitiesOf(one).map(entityKey);
    const peers = [outside, inside, inside];
    assert.deepEqual(keys(whole('lateral-movement', { peers })), [`vm:${VM}`, 'address:203.0.113.7', `vm:${PEER}`]);
    const tunnel = whole('dns-tunnel', { peers: [inside], seen: { domain: 'evil.example' } });
    assert.deepEqual(keys(tunnel), [`vm:${VM}`, 'name:evil.example']);
    assert.deepEqual(keys(whole('flood', { peers: [{ ...outside, vmId: VM }] })), [`vm:${VM}`]);
  });
});

describe('what an incident is', () => {
  it('as severe as its worst alert, and one step more by three tactics', () => {
    const scan = whole('port-scan');
    const of = (...alerts: [Alert, ...Alert[]]) => incidentOf('i', alerts);
    assert.deepEqual([of(scan).severity, of(scan).isRaised], ['medium', false]);
    const two = of(scan, whole('lateral-movement', { severity: 'high' }));
    assert.deepEqual(
      [two.severity, two.worst, two.tactics],
      ['high', 'lateral-movement', ['discovery', 'lateral-movement']],
    );
    const three = of(scan, whole('lateral-movement', { severity: 'high' }), whole('beacon'));
    assert.deepEqual([three.severity, three.worst, three.isRaised], ['critical', 'lateral-movement', true]);
    const weather = of(scan, whole('lateral-movement'), whole('beacon', { severity: 'low' }));
    assert.deepEqual([weather.severity, weather.tactics.length], ['medium', 3]);
    const wrong = { state: 'closed', resolution: 'false' } as const;
    assert.equal(
      of(scan, whole('lateral-movement', { severity: 'high', ...wrong }), whole('beacon')).severity,
      'medium',
    );
    assert.equal(of(whole('beacon', { severity: 'high', ...wrong })).severity, 'high');
  });

  it('in the furthest state of its open alerts, and looked after by who looks after these', () => {
    const { state, open, waiting, assignees, vms } = incidentOf('i', [
      whole('port-scan', { state: 'closed', resolution: 'true', assignee: 'carol' }),
      whole('beacon', { state: 'in-progress', assignee: 'bob' }),
      whole('flood', { vmId: PEER, vmName: 'db1' }),
    ]);
    assert.deepEqual([state, open, waiting, assignees], ['in-progress', 2, 1, ['bob']]);
    assert.deepEqual(
      vms.map(({ vmName }) => vmName),
      ['db1', 'web1'],
    );
    assert.equal(incidentOf('i', [whole('port-scan', { state: 'closed', resolution: 'true' })]).state, 'closed');
  });

  it('never less severe for one open alert more, and never by more than a step above the worst', () => {
    const some = fc.array(fc.tuple(fc.constantFrom(...ALERT_CODES), fc.constantFrom(...SEVERITIES)), { minLength: 2 });
    const rank = (alerts: readonly Alert[]) =>
      SEVERITIES.indexOf(incidentOf('i', alerts as [Alert, ...Alert[]]).severity);
    fc.assert(
      fc.property(some, (pairs) => {
        const alerts = pairs.map(([code, severity]) => whole(code, { severity }));
        const worst = Math.min(...alerts.map(({ severity }) => SEVERITIES.indexOf(severity)));
        assert.ok(rank(alerts) <= rank(alerts.slice(1)));
        assert.ok(rank(alerts) === worst || rank(alerts) === worst - 1);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the graph of an incident', () => {
  it('leads from who does it to whom, through a VM where somebody goes on from it', () => {
    const from = { ip: '203.0.113.7', vmId: null, tenantId: null };
    const to = { ip: '10.0.0.9', vmId: PEER, tenantId: TENANT };
    const { nodes, edges } = graphOf([
      whole('lateral-movement', { id: 'a', peers: [from, to] }),
      whole('brute-force', { id: 'b', side: 'target', severity: 'high', peers: [from] }),
      whole('port-scan', { id: 'c', peers: [to] }),
    ]);
    assert.deepEqual(
      nodes.map(({ id, alerts }) => [id, alerts]),
      [
        [`vm:${VM}`, 3],
        ['address:203.0.113.7', 0],
        [`vm:${PEER}`, 0],
      ],
    );
    assert.deepEqual(
      edges.map((edge) => [edge.from, edge.to, edge.codes, edge.severity, edge.alertIds]),
      [
        ['address:203.0.113.7', `vm:${VM}`, ['lateral-movement', 'brute-force'], 'high', ['a', 'b']],
        [`vm:${VM}`, `vm:${PEER}`, ['lateral-movement', 'port-scan'], 'medium', ['a', 'c']],
      ],
    );
  });
});

describe('the timeline of an incident', () => {
  it('is in order, and says once what happened to several alerts at once', () => {
    const at = '2026-01-31T08:00:00.000Z';
    const close = (id: string): IncidentMoment => ({
      ...{ kind: 'close', at, alertIds: [id], actor: 'bob', assignee: null, resolution: 'true' },
    });
    const moments = inOrder([
      close('a'),
      { kind: 'comment', at, alertIds: ['a'], actor: 'bob', text: 'Over.' },
      close('b'),
      { kind: 'began', at: '2026-01-31T07:00:00.000Z', alertIds: ['b'] },
    ]);
    assert.deepEqual(
      moments.map(({ kind, alertIds }) => [kind, alertIds]),
      [
        ['began', ['b']],
        ['comment', ['a']],
        ['close', ['a', 'b']],
      ],
    );
  });
});
