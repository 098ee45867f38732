import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readConfig } from '../src/config.ts';
import { csvCell } from '../src/flows/csv.ts';
import { createPasswords, oneTimePassword } from '../src/identity/passwords.ts';
import { sourceOf } from '../src/identity/throttle.ts';
import { mergeVm } from '../src/inventory/merge.ts';
import { isActive, ownerOf, type Sighting } from '../src/inventory/owner.ts';
import { type AdvisedHost, adviceFor, adviceForAlerts } from '../src/overview/advice.ts';
import { contains, decodeCursor, encodeCursor } from '../src/state/paging.ts';
import { observedVm } from '../src/testing/index.ts';

describe('the configuration', () => {
  it('comes from flags before variables, with defaults, and is frozen', () => {
    const config = readConfig(['--http-port', '1234'], { HV_HTTP_PORT: '1', HV_TLS_NAMES: 'a.example, 10.0.0.1' });
    assert.deepEqual([config.httpPort, config.tlsNames, config.adoptClaims], [1234, ['a.example', '10.0.0.1'], true]);
    assert.ok(Object.isFrozen(config));
  });

  it('lists every mistake at once', () => {
    const flags = ['--http-port', '70000', '--log-level', 'loud', '--public-url', 'http://x'];
    assert.throws(
      () => readConfig(flags, {}),
      (error: Error) => ['--http-port', '--log-level', '--public-url'].every((name) => error.message.includes(name)),
    );
    assert.throws(() => readConfig(['--colour', 'red'], {}), { code: 'bad-config' });
  });

  it('serves plain HTTP on this machine only', () => {
    assert.throws(() => readConfig(['--http-address', '0.0.0.0'], {}), /this machine only/);
  });
});

describe('who has a VM', () => {
  const seen = (hostId: string, since: number | null, change = {}): Sighting => ({
    hostId,
    activeSince: since === null ? null : new Date(since),
    observed: observedVm(1, change),
  });
  const off = { state: 'shutoff' } as const;
  const coming = { state: 'paused', incoming: true } as const;
  const cases: [string, Sighting[], string | null, string | undefined][] = [
    ['one that runs it', [seen('a', 1)], null, 'a'],
    ['the source, while the target receives', [seen('a', 1), seen('b', null, coming)], 'a', 'a'],
    ['nobody, when only a target speaks', [seen('b', null, coming)], null, undefined],
    ['the target, when both say they run it', [seen('a', 1), seen('b', 2)], 'a', 'b'],
    ['the target, when the source has it shut off', [seen('a', null, off), seen('b', 2)], 'a', 'b'],
    ['the source, when the migration failed', [seen('a', 1)], 'a', 'a'],
    ['the present owner, when it is off everywhere', [seen('a', null, off), seen('b', null, off)], 'b', 'b'],
    ['nobody, when nobody speaks', [], 'a', undefined],
  ];
  for (const [name, sightings, present, owner] of cases)
    it(name, () => {
      for (const order of [sightings, sightings.toReversed()]) assert.equal(ownerOf(order, present)?.hostId, owner);
    });

  it('does not run on the target of a migration', () => {
    assert.equal(isActive(observedVm(1, { incoming: true })), false);
  });
});

describe('what a VM is', () => {
  const owner = {
    hostId: 'h',
    activeSince: new Date(),
    observed: observedVm(1, { claims: { tenant: 't', tags: { a: 'b' } } }),
  };
  const claims = { tenant: () => 'tenant-id', network: () => 'network-id' };
  it('is what its host says, with its claims when they are believed', () => {
    const believed = mergeVm('id', undefined, [], owner, claims);
    assert.deepEqual([believed?.vm.tenant_id, believed?.vm.tags], ['tenant-id', { a: 'b' }]);
    const ignored = mergeVm('id', undefined, [], owner, null);
    assert.deepEqual([ignored?.vm.tenant_id, ignored?.vm.tags, ignored?.vnics[0]?.ipv4], [null, {}, []]);
  });

  it('keeps what is known when nobody has it, and takes its vNICs off the switch', () => {
    const before = mergeVm('id', undefined, [], owner, claims)!;
    const vnics = before.vnics.map((vnic) => ({ ...vnic, network_set: false, ipv4_set: false, ipv6_set: false }));
    const gone = mergeVm('id', { ...before.vm, tenant_set: false, tags_set: false }, vnics, undefined, claims)!;
    assert.deepEqual(gone.vm, { ...before.vm, host_id: null, state: 'gone' });
    assert.deepEqual(
      gone.vnics.map((v) => [v.on_switch, v.enforced, v.ipv4]),
      [[false, false, vnics[0]!.ipv4]],
    );
    assert.equal(mergeVm('id', undefined, [], undefined, claims), undefined);
  });
});

describe('advice', () => {
  const host: AdvisedHost = {
    name: 'h1',
    channel_id: 'c',
    apply_error: null,
    intent_revision: 2,
    applied_revision: 2,
    drift: 0,
    health: [],
  };
  const codes = (hosts: AdvisedHost[], unprotected = 0) =>
    adviceFor({
      ...{ hosts, unprotected, conflicts: [], gateways: [], draftChanged: false, violated: [], threatSets: [] },
      alerts: { severe: 0, others: 0 },
      drops: [],
      ruleDrops: [],
      networkDrops: [],
      newlyDenied: null,
      failing: [],
    }).map(({ code }) => code);
  it('says nothing when all is well, and the worst first when it is not', () => {
    assert.deepEqual(codes([host]), []);
    assert.deepEqual(codes([]), ['no-hosts']);
    const sick = { name: 'ovs', ok: false, code: 'away', params: {} } as const;
    const others = [
      { ...host, applied_revision: 1, health: [sick] },
      { ...host, channel_id: null },
    ];
    assert.deepEqual(codes(others, 1), ['host-offline', 'unprotected-vnics', 'host-drift', 'health']);
    const told = (severe: number, others: number) => adviceForAlerts({ severe, others }).map(({ code }) => code);
    assert.deepEqual([told(0, 0), told(0, 2), told(1, 2)], [[], ['alerts-new'], ['alerts-severe']]);
  });
});

describe('small things', () => {
  it('writes CSV cells that no spreadsheet runs', () => {
    assert.equal(csvCell('=HYPERLINK("x")'), `"'=HYPERLINK(""x"")"`);
    assert.deepEqual(['+1', '-1', '@a', 'a,b', 'a\nb', 'plain'].map(csvCell), [
      "'+1",
      "'-1",
      "'@a",
      '"a,b"',
      '"a\nb"',
      'plain',
    ]);
    assert.deepEqual([csvCell(-1), csvCell(null)], ['-1', '']);
  });

  it('reads back its own cursors and no others', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (text, number) => {
        assert.deepEqual(decodeCursor(encodeCursor([text, number]), ['string', 'number']), [text, number]);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.throws(() => decodeCursor(text, ['string', 'string']), { code: 'invalid-request' });
      }),
    );
  });

  it('counts an IPv6 network as one source', () => {
    assert.equal(sourceOf('10.0.0.7'), '10.0.0.7');
    assert.equal(sourceOf('::ffff:10.0.0.7'), '10.0.0.7');
    assert.equal(sourceOf('local'), 'local');
    for (const one of ['2001:db8::1', '2001:db8:0:0:a:b:c:d', '2001:db8::ffff:0:1%eth0'])
      assert.equal(sourceOf(one), '2001:db8:0:0::/64');
    assert.equal(sourceOf('2001:db8:1:2:3::'), '2001:db8:1:2::/64');
    assert.equal(sourceOf('::1'), '0:0:0:0::/64');
  });

  it('finds text literally', () => {
    assert.equal(contains('50%_a\\'), '%50\\%\\_a\\\\%');
  });

  it('hashes passwords so that only the password fits', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash('Ångström');
    assert.match(hash, /^\$argon2id\$v=19\$m=65536,t=3,p=4\$/);
    assert.ok(await passwords.verify('A\u030angstro\u0308m', hash), 'however the letters are composed');
    assert.ok(!(await passwords.verify('Angstrom', hash)));
    assert.ok(!(await passwords.verify('', null)));
    const many = await Promise.allSettled(Array.from({ length: 40 }, () => passwords.verify('x', null)));
    assert.ok(many.some((one) => one.status === 'rejected' && one.reason.code === 'too-many-requests'));
    assert.notEqual(oneTimePassword(), oneTimePassword());
    assert.equal(oneTimePassword().length, 20);
  });
});
