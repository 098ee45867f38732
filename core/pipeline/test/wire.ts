import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Bridge, portOf, startBridge, UPLINK } from './harness.ts';

/** Real frames through the switch, with its real connection tracking. Ports are those of the harness. */
export interface Wire extends Bridge {
  /** Lets frames in at a port and says what came out of the others: port and frame. */
  send(port: number, ...frames: readonly Buffer[]): Promise<{ readonly port: number; readonly frame: Buffer }[]>;
}

export async function startWire(vnics: number, others: readonly number[] = []): Promise<Wire> {
  const bridge = await startBridge(vnics, others);
  const { ovs } = bridge;
  const names = new Map([
    [UPLINK, 'trunk'],
    ...Array.from({ length: vnics }, (_, i) => [portOf(i + 1), `vnic${i + 1}`] as const),
    ...others.map((port) => [port, `other${port}`] as const),
  ]);
  const capture = (name: string) => path.join(ovs.runDir, `${name}.pcap`);
  for (const name of names.values()) await ovs.vsctl('set', 'interface', name, `options:tx_pcap=${capture(name)}`);
  const seen = new Map<number, number>();

  async function sent(): Promise<{ port: number; frame: Buffer }[]> {
    const all: { port: number; frame: Buffer }[] = [];
    for (const [port, name] of names) {
      const frames = framesOf(await readFile(capture(name)));
      for (const frame of frames.slice(seen.get(port) ?? 0)) all.push({ port, frame });
      seen.set(port, frames.length);
    }
    return all;
  }

  return {
    ...bridge,
    async send(port, ...frames) {
      // Without the datapath's cached flows, what changed or was learned before is in force at once.
      await ovs.appctl.run('revalidator/purge');
      for (let first = 0; first < frames.length; first += QUEUE) {
        const texts = frames.slice(first, first + QUEUE).map((frame) => frame.toString('hex'));
        await ovs.appctl.run('netdev-dummy/receive', names.get(port) ?? '', ...texts);
        // The switch's main loop takes a packet of each port, then commands: when it has answered so often, all are through.
        for (const _ of texts) await ovs.appctl.run('version');
      }
      return sent();
    },
  };
}

/** Frames that a port takes at once: half of netdev-dummy's queue (NETDEV_DUMMY_MAX_QUEUE). */
const QUEUE = 50;

/** The frames of a capture file (libpcap, little-endian). */
function framesOf(file: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let offset = 24; offset + 16 <= file.length; ) {
    const length = file.readUInt32LE(offset + 8);
    frames.push(file.subarray(offset + 16, offset + 16 + length));
    offset += 16 + length;
  }
  return frames;
}
