import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { APPLICATIONS, Blocks, closest, HostPattern, RISKS, riskName, riskNum } from '../src/index.ts';

test('a name that no gateway knows is refused at its place, with those that may have been meant', () => {
  const { error } = Blocks.safeParse({
    applications: ['SSH', 'ssh', 'Bittorent'],
    risks: ['tls-missing-snl', 'qqqqqq'],
  });
  const told = error!.issues.map((issue) => {
    const { mistake } = (issue as unknown as { params: { mistake: { code: string; params: { close: string } } } })
      .params;
    return [issue.path.join('.'), mistake.code, mistake.params.close.split(', ')[0]];
  });
  assert.deepEqual(told, [
    ['applications.1', 'unknown-application', 'SSH'],
    ['applications.2', 'unknown-application', 'BitTorrent'],
    ['risks.0', 'unknown-risk', 'tls-missing-sni'],
    ['risks.1', 'unknown-risk', ''],
  ]);
  assert.equal(Blocks.safeParse({ names: ['x.example'], application: [] }).success, false, 'a misspelt part');
});

test('whatever a name is, what is close to it is of the catalogue, and nearest to a name of it is that name', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 64 }), (name) => {
      for (const one of closest(name, APPLICATIONS)) assert.ok(APPLICATIONS.includes(one));
    }),
  );
  for (const name of [...APPLICATIONS, ...RISKS])
    assert.ok(closest(name, [...APPLICATIONS, ...RISKS]).includes(name), name);
});

test('names of hosts are in lower case, with a star at the front only', () => {
  for (const good of ['example.com', '*.example.com', 'xn--fiqs8s', '_dmarc.a-b.example', 'a'])
    assert.ok(HostPattern.safeParse(good).success, good);
  for (const bad of [
    '',
    '*',
    'Example.com',
    'a..b',
    '.example.com',
    'a.*.b',
    '-a',
    'example.com.',
    'a b',
    '例.中国',
    `${'a.'.repeat(127)}a`,
  ])
    assert.equal(HostPattern.safeParse(bad).success, false, bad);
});

test('a risk has one number and one name', () => {
  assert.deepEqual(
    RISKS.map((name) => riskName(riskNum(name)!)),
    RISKS,
  );
  assert.deepEqual(
    [riskNum('known-protocol-on-non-standard-port'), riskNum('none'), riskName(0), riskName(64)],
    [5, undefined, undefined, undefined],
  );
});
