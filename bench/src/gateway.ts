/**
 * What inspection costs a packet: throughput and latency through a gateway VM, beside the same kernel in the same machine
 * as a plain two-port bridge, without rules or connection tracking. Needs root, QEMU, iperf3 and Python.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuiltImage, buildGateway, cpio } from '@hypervigil/gateway';
import {
  gatewayPolicyOf,
  locateLab,
  startGatewayWire,
  startVmWire,
  type VmWire,
  WIRE_ENDS,
  waitFor,
} from '@hypervigil/lab';
import type { Metric } from './metric.ts';
import { type Candidate, compare, ECHO, race } from './race.ts';

const GOAL = 0.7;
const ACCELERATOR = 'tcg';
/** The gateway's image with another first process: its kernel, its modules but for the firewall's, its bridge. */
const PLAIN = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
while read -r module; do $b insmod "/modules/$module"; done </modules/order
$b mount -t squashfs -o loop,ro /root.squashfs /root
while read -r module; do
  case $module in nf* | nft* | *defrag*) ;; *) $b insmod "/root/modules/$module" ;; esac
done </root/modules/order
$b ip link add name wire type bridge
echo 0 >/sys/class/net/wire/bridge/multicast_snooping
echo 0 >/sys/class/net/wire/bridge/forward_delay
for port in eth0 eth1; do $b ip link set "$port" master wire up; done
$b ip link set wire up
echo 'plain: ready' >/dev/console
while :; do $b sleep 3600; done
`;

export async function* gatewayBench(): AsyncGenerator<Metric> {
  const { cacheDir } = locateLab();
  const image = await buildGateway({ cacheDir, keyFile: join(cacheDir, 'gateway-builder.pem') });
  const dir = mkdtempSync(join(tmpdir(), 'hv-plain-'));
  const wires: VmWire[] = [];
  const keep = <T extends VmWire>(wire: T): T => {
    wires.push(wire);
    return wire;
  };
  try {
    const plain = keep(await startPlain(image, dir));
    const gateway = keep(await startGatewayWire(image, { accelerator: ACCELERATOR }));
    // Some hundred rules that speak of others, then one that lets everything pass.
    const others = Array.from({ length: 200 }, (_, n) => ({
      num: 1_000 + n,
      services: [{ protocol: 'tcp' as const, ports: [String(20_000 + n)] }],
    }));
    await gateway.send({ type: 'policy', policy: gatewayPolicyOf(1, [...others, { num: 100 }], { pickup: true }) });
    const { error } = await gateway.message('applied');
    if (error) throw new Error(`the gateway refused its rules: ${error.message}`);
    for (const wire of wires) await serve(wire);
    const candidates = [
      { name: 'gateway', at: clientOf(gateway), begin: async () => {} },
      { name: 'plain', at: clientOf(plain), begin: async () => {} },
    ];
    const results = await race(candidates, WIRE_ENDS.right.ipv4);
    yield* compare('gateway', GOAL)(results, 'gateway', { name: 'plain', title: 'plain two-port bridge VM' });
  } finally {
    for (const wire of wires) await wire.stop();
    rmSync(dir, { recursive: true });
  }
}

/** The kernel unpacks one archive after the other; uncompressed ones begin at multiples of four bytes. */
function startPlain(image: BuiltImage, dir: string): Promise<VmWire> {
  const given = readFileSync(image.initramfs);
  const script = cpio([{ path: 'plain', kind: 'file', data: Buffer.from(PLAIN), mode: 0o755 }]);
  const initramfs = join(dir, 'initramfs');
  writeFileSync(initramfs, Buffer.concat([given, Buffer.alloc(-given.length & 3), script]));
  return startVmWire({
    kernel: image.kernel,
    initramfs,
    commandLine: `${image.commandLine} rdinit=/plain`,
    accelerator: ACCELERATOR,
    ready: (wire) =>
      waitFor('the plain bridge is ready', () => wire.console().includes('plain: ready'), { timeoutMs: 120_000 }),
  });
}

async function serve(wire: VmWire): Promise<void> {
  for (const argv of [
    ['iperf3', '--server'],
    ['python3', '-c', ECHO],
  ])
    wire.start('right', argv).stdout!.resume();
  const ping = () => wire.at('left', ['busybox', 'ping', '-c', '1', '-W', '1', WIRE_ENDS.right.ipv4]);
  await waitFor('packets pass', async () => (await ping()).code === 0, { timeoutMs: 120_000, everyMs: 100 });
}

const clientOf =
  (wire: VmWire): Candidate['at'] =>
  async (...argv) => {
    const { code, stdout, stderr } = await wire.at('left', argv);
    if (code !== 0) throw new Error(`${argv[0]} ended with ${code}: ${stderr}`);
    return stdout;
  };
