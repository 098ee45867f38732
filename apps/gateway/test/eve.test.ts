import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayAlert } from '@hypervigil/contract';
import fc from 'fast-check';
import { parseEve } from '../src/appliance/eve.ts';

const FUZZ = { numRuns: Math.min(Number(process.env['HV_FUZZ'] ?? 20_000), 100_000) };

/** As Suricata 7 writes it, with more than we keep. */
const ALERT = {
  timestamp: '2026-11-22T17:40:00.251547+0000',
  flow_id: 586_497_171_462_735,
  event_type: 'alert',
  vlan: [5],
  src_ip: '10.78.0.1',
  src_port: 4001,
  dest_ip: '10.78.0.2',
  dest_port: 80,
  proto: 'TCP',
  pkt_src: 'wire/pcap',
  alert: {
    action: 'allowed',
    gid: 1,
    signature_id: 1_078_002,
    rev: 1,
    signature: 'Log4Shell: JNDI lookup',
    category: 'Attempted Administrator Privilege Gain',
    severity: 1,
  },
  app_proto: 'http',
  direction: 'to_server',
};
const SEEN = {
  ...{ id: 1_078_002, revision: 1, message: 'Log4Shell: JNDI lookup', severity: 1 },
  ...{ category: 'Attempted Administrator Privilege Gain', application: 'http', vlan: 5 },
  ...{ atMs: Date.UTC(2026, 10, 22, 17, 40, 0, 251), protocol: 6 },
  ...{ srcIp: '10.78.0.1', dstIp: '10.78.0.2', srcPort: 4001, dstPort: 80 },
};

test('an alert and an anomaly are kept as far as there is use for them, and nothing else is', () => {
  const of = (event: object) => parseEve(JSON.stringify(event));
  assert.deepEqual(of(ALERT), SEEN);
  const { vlan: _v, app_proto: _a, ...untagged } = ALERT;
  assert.deepEqual(of(untagged), { ...SEEN, vlan: null, application: null });
  const { alert: _, ...common } = ALERT;
  const anomaly = { type: 'applayer', event: 'APPLAYER_DETECT_PROTOCOL_ONLY_ONE_DIRECTION', layer: 'proto_detect' };
  assert.deepEqual(of({ ...common, event_type: 'anomaly', anomaly }), {
    ...SEEN,
    ...{ id: 0, revision: 0, category: 'Anomaly', severity: 3 },
    message: `applayer: ${anomaly.event}`,
  });
  const echo = { ...ALERT, proto: 'ICMP', src_port: undefined, dest_port: undefined, icmp_type: 8, icmp_code: 0 };
  assert.deepEqual([of(echo)?.protocol, of(echo)?.srcPort, of(echo)?.dstPort], [1, 0, 8 * 256]);
  for (const event of [
    { ...ALERT, event_type: 'stats' },
    { ...ALERT, proto: 'GRE' },
    { ...ALERT, timestamp: 'then' },
    [],
    null,
  ])
    assert.equal(of(event as object), undefined);
  assert.equal(of({ ...ALERT, alert: { ...ALERT.alert, signature: 'x'.repeat(9_000) } })?.message.length, 255);
});

test('hostile lines: nothing, or what the host takes', () => {
  const change = fc.tuple(fc.constantFrom(...Object.keys(ALERT)), fc.jsonValue());
  const changed = fc
    .array(change, { maxLength: 4 })
    .map((some) => JSON.stringify({ ...ALERT, ...Object.fromEntries(some) }));
  const within = fc
    .tuple(fc.constantFrom(...Object.keys(ALERT.alert)), fc.jsonValue())
    .map(([key, value]) => JSON.stringify({ ...ALERT, alert: { ...ALERT.alert, [key]: value } }));
  fc.assert(
    fc.property(fc.oneof(changed, within, fc.string({ maxLength: 200 })), (line) => {
      const event = parseEve(line);
      if (event) GatewayAlert.parse({ ...event, net: 1 });
    }),
    FUZZ,
  );
});
