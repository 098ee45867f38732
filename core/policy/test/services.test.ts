import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileServices } from '../src/services.ts';

const short = (services: Parameters<typeof compileServices>[0]) =>
  compileServices(services).map(({ family, protocol, ports, icmp }) =>
    [family, protocol, ports && `${ports.first}-${ports.last}`, icmp && `${icmp.type}/${icmp.code ?? '*'}`]
      .filter((part) => part !== null)
      .join(' '),
  );

test('ranges that touch or overlap become one; what is covered goes', () => {
  assert.deepEqual(short([{ protocol: 'tcp', ports: ['443', '80-90', '91', '85-88', '444-445'] }]), [
    'ip 6 80-91',
    'ip 6 443-445',
  ]);
  assert.deepEqual(
    short([
      { protocol: 'tcp', ports: ['80'] },
      { protocol: 'tcp', ports: [] },
    ]),
    ['ip 6'],
  );
  assert.deepEqual(
    short([
      { protocol: 'ip', number: 6 },
      { protocol: 'tcp', ports: ['22'] },
    ]),
    ['ip 6'],
  );
  assert.deepEqual(
    short([
      { protocol: 'udp', ports: ['53'] },
      { protocol: 'tcp', ports: ['53'] },
    ]),
    ['ip 6 53-53', 'ip 17 53-53'],
  );
});

test('ICMP belongs to its IP version; a type without a code covers each code', () => {
  assert.deepEqual(
    short([
      { protocol: 'icmp', type: 8, code: 0 },
      { protocol: 'icmp', type: 8 },
      { protocol: 'icmpv6', type: 128 },
    ]),
    ['ipv4 1 8/*', 'ipv6 58 128/*'],
  );
});

test('the same service twice is one', () => {
  assert.deepEqual(short([{ protocol: 'icmp' }, { protocol: 'icmp' }]), ['ipv4 1']);
});
