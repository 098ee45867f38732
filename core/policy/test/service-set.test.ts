import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '@hypervigil/model';
import fc from 'fast-check';
import {
  createServiceSpace,
  describeServices,
  placeOf,
  sampleService,
  serviceAt,
} from '../src/analysis/service-set.ts';
import { PROTOCOL, servicesText } from '../src/index.ts';
import { compileServices } from '../src/services.ts';
import { runs } from '../src/testing/index.ts';

const space = createServiceSpace();
const setOf = (...services: Service[]) => space.of(compileServices(services));
const texts = (...services: Service[]) => servicesText(describeServices(setOf(...services)));

test('services as people write them', () => {
  assert.deepEqual(texts(), ['any']);
  assert.deepEqual(texts({ protocol: 'tcp', ports: ['22', '8000-8080'] }), ['tcp/22', 'tcp/8000-8080']);
  assert.deepEqual(texts({ protocol: 'udp', ports: [] }, { protocol: 'ip', number: 47 }), ['udp', 'ip/47']);
  assert.deepEqual(texts({ protocol: 'icmp', type: 8 }, { protocol: 'icmp', type: 3, code: 4 }), [
    'ipv4 icmp/3/4',
    'ipv4 icmp/8',
  ]);
  const allButSsh = space.difference(setOf(), setOf({ protocol: 'tcp', ports: ['22'] }));
  assert.deepEqual(servicesText(describeServices(allButSsh)), ['ip/0-5', 'tcp/0-21', 'tcp/23-65535', 'ip/7-255']);
  const four = space.intersection(setOf(), space.every[4]);
  assert.deepEqual(servicesText(describeServices(four)), ['ipv4 any']);
  assert.deepEqual(servicesText(describeServices(space.none)), []);
});

test('a place on the line is one service and back', () => {
  const service = fc.oneof(
    fc.record({ protocol: fc.constantFrom(PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.sctp), port: fc.nat({ max: 65535 }) }),
    fc.record({
      protocol: fc.constantFrom(PROTOCOL.icmp, PROTOCOL.icmpv6),
      icmp: fc.record({ type: fc.nat({ max: 255 }), code: fc.nat({ max: 255 }) }).map((icmp) => ({ ...icmp })),
    }),
    fc.record({ protocol: fc.constantFrom(0, 2, 47, 50, 133, 255) }),
  );
  fc.assert(
    fc.property(fc.constantFrom(4 as const, 6 as const), service, (family, one) => {
      assert.deepEqual(serviceAt(placeOf(family, one)), { family, ...one });
    }),
    runs(500),
  );
});

test('a sample is in its set, and one that people know where there is one', () => {
  assert.deepEqual(sampleService(setOf()), { family: 4, protocol: PROTOCOL.tcp, port: 443 });
  assert.equal(sampleService(setOf({ protocol: 'udp', ports: ['7-9'] })).port, 7);
});
