/** A stream of packets from a guest of a lab to another, and when they arrived, by the kernel's one monotonic clock. */
import { readFile } from 'node:fs/promises';
import {
  addressOf,
  hostOf,
  type Lab,
  labState,
  spawnInHost,
  startInGuest,
  udpFrame,
  virsh,
  waitFor,
} from '@hypervigil/lab';

export interface Stream {
  /** Names of VMs. */
  readonly from: string;
  readonly to: string;
  /** UDP, on both sides. */
  readonly port: number;
}

/** When packets of the stream arrived, in milliseconds of {@link now}'s clock. */
export type Arrivals = () => Promise<readonly number[]>;

/** CLOCK_MONOTONIC, as Python's `time.monotonic_ns`. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;

const MARKER = 'hv-bench-probe';
const EVERY_S = 0.005;
/** More packets than the rounds take, so that the stream ends by itself when nobody ends it. */
const PACKETS = 100_000;

export async function startStream(lab: Lab, { from, to, port }: Stream): Promise<void> {
  const { vms } = labState(lab);
  const [source, target] = [vms[from]!.spec, vms[to]!.spec];
  const ends = { source: addressOf(source.ipv4), target: addressOf(target.ipv4) };
  const udp = { ...ends, sourcePort: port, targetPort: port, data: MARKER };
  const frame = udpFrame({ from: source.mac, to: target.mac }, udp).toString('hex');
  const send = `echo ${frame} | exec perl /lab/frames.pl send eth0 ${PACKETS} ${EVERY_S}`;
  await startInGuest(lab, from, ['sh', '-c', send], '/dev/null');
}

/** Listens where the destination's host hands packets to its guest. */
export async function watchArrivals(lab: Lab, { to }: Stream): Promise<Arrivals> {
  const host = await hostOf(lab, to);
  const tap = (await virsh(lab, host, ['domiflist', to])).split(/\s+/).find((word) => /^vnet\d+$/.test(word));
  if (tap === undefined) throw new Error(`${to} has no interface on ${host}`);
  const argv = ['python3', '-c', WATCH, tap, MARKER];
  const { logFile } = await spawnInHost(lab, host, argv, { name: `${host}/arrivals` });
  // Each line whole: the last may still be being written.
  const lines = async () => (await readFile(logFile, 'utf8')).split('\n').slice(0, -1);
  const watches = async () => (await lines())[0] === 'watching';
  await waitFor('the destination is watched', watches, { timeoutMs: 30_000, everyMs: 20 });
  return async () => (await lines()).slice(1).map((nanoseconds) => Number(BigInt(nanoseconds)) / 1e6);
}

/** Of packet(7): what a host sends on its end of a tap is what the guest receives (PACKET_OUTGOING, 4). */
const WATCH = `
import socket, sys, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
s.bind((sys.argv[1], 0))
marker = sys.argv[2].encode()
print("watching", flush=True)
while True:
    frame, sender = s.recvfrom(2048)
    if sender[2] == 4 and marker in frame: print(time.monotonic_ns(), flush=True)
`;
