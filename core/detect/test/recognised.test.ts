import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { riskNum } from '@hypervigil/model';
import { advance, beginState, observe, type SeenFlow, sightingsOf } from '../src/index.ts';
import { VMS } from '../src/testing/index.ts';

const NOTHING = { applications: [], risks: [], name: null, signatures: [] };
const flow = (n: number, inspection: Partial<NonNullable<SeenFlow['inspection']>>, change: Partial<SeenFlow> = {}) => ({
  ...{ key: `f${n}`, point: 'egress' as const, protocol: 6, verdict: 'allow' as const, ruleNum: 100, revision: 8 },
  src: { ...VMS.own, port: 40_000 + n },
  dst: { ip: '203.0.113.9', port: 443, vmId: null, tenantId: null },
  ...{ bytes: 900, packets: 9, replyBytes: 900, replyPackets: 9, startMs: n * 1000, endMs: n * 1000 + 500 },
  inspection: { ...NOTHING, ...inspection },
  ...change,
});
const told = (flows: readonly SeenFlow[]) => {
  const state = beginState();
  const found = flows.flatMap((one) => sightingsOf(one).flatMap((seen) => observe(state, seen)));
  assert.deepEqual(advance(state, 60_000), []);
  return found;
};
const codes = (flows: readonly SeenFlow[]) => told(flows).map(({ code, side }) => `${code} ${side}`);

describe('what gateways recognise', () => {
  it('is told at the first flow, and not again for the same one', () => {
    const flows = [1, 1, 1].map((n) => flow(n, { applications: ['TLS', 'Tor'] }));
    assert.deepEqual(codes(flows), ['anonymiser source']);
    assert.deepEqual(codes([flow(1, { applications: ['Mining'] })]), ['mining source']);
    const clear = flow(1, { applications: ['FTP_CONTROL'], risks: [riskNum('clear-text-credentials')!] });
    assert.deepEqual(
      told([clear]).map(({ code, seen }) => [code, seen['what']]),
      [['clear-text-password', 'FTP_CONTROL']],
    );
  });

  it('is told of both ends where it is an attack that a signature knows, each signature for itself', () => {
    const signatures = [1, 2].map((id) => ({ id, message: 'ET EXPLOIT' }));
    const within = flow(1, { signatures }, { dst: { ...VMS.peer, port: 80 } });
    const found = told([within]);
    assert.deepEqual(
      found.map(({ code, side, about }) => [code, side, about]),
      [
        ['known-attack', 'source', '1'],
        ['known-attack', 'source', '2'],
        ['known-attack', 'target', '1'],
        ['known-attack', 'target', '2'],
      ],
    );
  });

  it('is heard where a connection between two hosts arrives, whose other host has counted it', () => {
    const arrived = flow(1, { applications: ['Mining'] }, { point: 'ingress', dst: { ...VMS.peer, port: 8080 } });
    assert.deepEqual(codes([arrived]), ['mining source']);
    const state = beginState();
    for (const seen of sightingsOf(arrived)) observe(state, seen);
    const { recognised, firstSeen } = beginState();
    assert.deepEqual({ ...state, recognised, firstSeen }, beginState());
    assert.deepEqual(sightingsOf({ ...arrived, inspection: null }), []);
  });

  it('is told in words that any text can hold', () => {
    const message = `\u0000${'😀'.repeat(40)}`;
    const [found] = told([flow(1, { signatures: [{ id: 7, message }] })]);
    const what = String(found?.seen['what']);
    assert.ok(what.isWellFormed() && what.length <= 64 && !/\p{Cc}/u.test(what), what);
  });

  it('is told of names that look generated when there are many', () => {
    const risks = [riskNum('suspicious-dga-domain')!];
    const names = (count: number) =>
      Array.from({ length: count }, (_, n) => flow(n, { risks, name: `x${n}q.example` }));
    assert.deepEqual(codes(names(4)), []);
    assert.deepEqual(codes(names(8)), ['generated-names source']);
  });

  it('is nothing in tunnels of companies and ordinary applications', () => {
    const applications = ['WireGuard', 'OpenVPN', 'IPsec', 'TLS', 'SSH', 'DNS', 'GitHub'];
    assert.deepEqual(codes(applications.map((one, n) => flow(n, { applications: [one], risks: [5, 30] }))), []);
  });
});
