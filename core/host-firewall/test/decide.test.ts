import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HostFirewallPolicy } from '@hypervigil/model';
import { accessProblem, cutsNothing, evaluate, type HostPacket, unknownListeners } from '../src/index.ts';
import { policyOf, ruleOf } from '../src/testing/policies.ts';

const packet = (fields: Partial<HostPacket>): HostPacket => ({
  direction: 'in',
  loopback: false,
  reply: false,
  peer: '10.0.0.1',
  protocol: 6,
  sourcePort: 40_000,
  port: 22,
  icmp: null,
  ...fields,
});
const managers = { name: 'managers', cidrs: ['10.0.0.0/24', 'fd00::/64'] };

test('the first rule that matches decides, then the default of the direction', () => {
  const policy = policyOf({
    outbound: 'allow',
    sets: [managers, { name: 'one', cidrs: ['10.0.0.66'] }],
    rules: [ruleOf('in', [], { action: 'deny', peers: ['one'] }), ruleOf('in', ['ssh'], { peers: ['managers'] })],
  });
  assert.deepEqual(evaluate(policy, packet({})), { verdict: 'accept', by: 1 });
  assert.deepEqual(evaluate(policy, packet({ peer: 'fd00::9' })), { verdict: 'accept', by: 1 });
  assert.deepEqual(evaluate(policy, packet({ peer: '10.0.0.66' })), { verdict: 'drop', by: 0 });
  assert.deepEqual(evaluate(policy, packet({ peer: '10.1.0.1' })), { verdict: 'drop', by: 'default' });
  assert.deepEqual(evaluate(policy, packet({ protocol: 17 })), { verdict: 'drop', by: 'default' });
  assert.deepEqual(evaluate(policy, packet({ direction: 'out' })), { verdict: 'accept', by: 'default' });
});

test('answers, loopback, ICMP errors, neighbour discovery and DHCP are never cut', () => {
  const policy = policyOf({ rules: [ruleOf('in', [], { action: 'deny' }), ruleOf('out', [], { action: 'deny' })] });
  const icmp = (type: number) => ({ protocol: 1, port: 0, icmp: { type, code: 0 } });
  const icmpv6 = (type: number) => ({ peer: 'fe80::1', protocol: 58, port: 0, icmp: { type, code: 0 } });
  const dhcp = (sourcePort: number, port: number) => ({ protocol: 17, sourcePort, port });
  for (const always of [
    { reply: true },
    { loopback: true },
    icmp(3),
    icmpv6(2),
    icmpv6(135),
    dhcp(67, 68),
    { direction: 'out', ...icmpv6(136) },
    { direction: 'out', ...dhcp(68, 67) },
  ] as const)
    assert.equal(evaluate(policy, packet(always)).by, 'always', JSON.stringify(always));
  for (const cut of [icmp(8), icmpv6(128), dhcp(68, 67), dhcp(1, 68), { ...icmp(135) }] as const)
    assert.equal(evaluate(policy, packet(cut)).verdict, 'drop', JSON.stringify(cut));
});

test('observing decides as enforcing does, and cuts nothing', () => {
  const policy = policyOf({ mode: 'observe', rules: [ruleOf('in', ['ssh'], { action: 'deny' })] });
  assert.deepEqual(evaluate(policy, packet({})), { verdict: 'accept', by: 0 });
  assert.deepEqual(evaluate(policy, packet({ port: 23 })), { verdict: 'accept', by: 'default' });
  assert.ok(cutsNothing(policy) && cutsNothing(null));
  assert.ok(cutsNothing(policyOf({ inbound: 'allow', outbound: 'allow' })));
  assert.ok(!cutsNothing(policyOf({ inbound: 'allow' })));
});

describe('a policy that would lock its operator out', () => {
  const access = {
    platform: [
      { address: '10.0.0.9', port: 8443 },
      { address: 'fd00::9', port: 8443 },
    ],
    resolvers: ['10.0.0.53'],
    ssh: [{ address: '10.0.0.7', port: 22 }],
  };
  const good = [ruleOf('in', ['ssh']), ruleOf('out', ['platform', 'dns'])];
  const problem = (fields: Partial<HostFirewallPolicy>) => accessProblem(policyOf(fields), access);

  test('is found by what it cuts', () => {
    assert.equal(problem({ rules: good }), null);
    assert.deepEqual(problem({ rules: [] }), {
      code: 'cuts-platform',
      params: { address: '10.0.0.9', port: 8443 },
    });
    assert.equal(problem({ rules: [ruleOf('out', ['platform'])] })?.code, 'cuts-resolver');
    assert.deepEqual(problem({ rules: good.slice(1) }), {
      code: 'cuts-ssh',
      params: { address: '10.0.0.7', port: 22 },
    });
  });

  test('one address of the platform that stays is enough', () => {
    const sets = [{ name: 'v6', cidrs: ['fd00::/64'] }];
    const rules = [good[0]!, ruleOf('out', ['platform'], { peers: ['v6'] }), ruleOf('out', ['dns'])];
    assert.equal(problem({ sets, rules }), null);
  });

  test('may cut SSH when told so, and anything when it only observes', () => {
    assert.equal(problem({ rules: good.slice(1), keepSsh: false }), null);
    assert.equal(problem({ mode: 'observe' }), null);
  });
});

test('a listener is known when an inbound rule names its service', () => {
  const policy = policyOf({
    rules: [
      ruleOf('in', ['ssh', 'displays']),
      ruleOf('in', ['dns'], { action: 'deny' }),
      ruleOf('in', []),
      ruleOf('out', ['ntp']),
    ],
  });
  const listener = (protocol: 'tcp' | 'udp', port: number, address = '0.0.0.0') => ({
    protocol,
    port,
    address,
    process: 'x',
  });
  const unknown = [listener('tcp', 23), listener('udp', 123), listener('udp', 22), listener('tcp', 6000, '::')];
  const known = [
    listener('tcp', 22),
    listener('tcp', 5999, '10.0.0.1'),
    listener('udp', 53),
    listener('udp', 68),
    listener('tcp', 23, '127.0.0.1'),
    listener('tcp', 23, '::1'),
  ];
  assert.deepEqual(unknownListeners(policy, [...known, ...unknown]), unknown);
});

test('a policy names only sets that it has, each once', () => {
  const mistakes = (policy: unknown) =>
    HostFirewallPolicy.safeParse(policy).error?.issues.map(({ path, ...issue }) => [
      path.join('.'),
      (issue as { params?: { mistake: { code: string } } }).params?.mistake.code,
    ]);
  assert.equal(mistakes(policyOf({ sets: [managers], rules: [ruleOf('in', [], { peers: ['managers'] })] })), undefined);
  assert.deepEqual(
    mistakes(policyOf({ sets: [managers, managers], rules: [ruleOf('in', [], { peers: ['other'] })] })),
    [
      ['sets.1.name', 'twice'],
      ['rules.0.peers.0', 'unknown-set'],
    ],
  );
});
