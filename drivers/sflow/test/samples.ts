import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What Open vSwitch 3.1.0 sent, a datagram a line: a dummy bridge with `sampling=1 header=128`, and packets given to it by
 * `netdev-dummy/receive` (see openvswitch.test.ts).
 */
export const openVswitchDatagrams = (): Buffer[] =>
  readFileSync(join(import.meta.dirname, '../testdata/openvswitch-3.1.hex'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'hex'));
