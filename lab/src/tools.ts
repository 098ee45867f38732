import type { AttackContext, AttackResult } from './attack.ts';
import { type Udp, udpFrame } from './frames.ts';
import type { Lab } from './lab.ts';
import { addressOf, type VmSpec } from './vm/spec.ts';
import { guestExec, guestOk } from './vm/vm.ts';
import { waitFor } from './wait.ts';

/** What attacks do inside probe guests. */

const NIC = 'eth0';

export interface Repeat {
  readonly times: number;
  readonly everyS: number;
}

/** Sends raw frames from a guest. */
export async function sendFrames(lab: Lab, vm: string, frames: readonly Uint8Array[], repeat: Repeat): Promise<void> {
  const input = frames.map((f) => `${Buffer.from(f).toString('hex')}\n`).join('');
  const argv = ['perl', '/lab/frames.pl', 'send', NIC, String(repeat.times), String(repeat.everyS)];
  await guestOk(lab, vm, argv, { input, timeoutS: Math.ceil(repeat.times * repeat.everyS) + 60 });
}

/** A program that runs in a guest until it ends by itself, or is ended. */
export interface GuestProgram {
  /** Resolves when it is gone, with everything that it has started; also when it was gone before. */
  end(): Promise<void>;
}

/** The guest's agent gives each command a process group of its own, which stays that of all that the command starts. */
const START = 'echo $$; out=$1; shift; "$@" >"$out" 2>&1 </dev/null &';
/** Probe guests have no pkill and full ones no killall; both have perl. ESRCH is 3. */
const END = `my $group = -$ARGV[0]; kill KILL => $group or $! == 3 or die "kill: $!\n";
for (1 .. 500) { kill 0 => $group or exit; select undef, undef, undef, 0.02 } die "it goes on\n"`;

/** Starts a program in a guest that goes on after the answer, with its output in a file. */
export async function startInGuest(
  lab: Lab,
  vm: string,
  argv: readonly string[],
  output: string,
): Promise<GuestProgram> {
  const group = (await guestOk(lab, vm, ['sh', '-c', START, 'sh', output, ...argv])).trim();
  return {
    async end() {
      await guestOk(lab, vm, ['perl', '-e', END, group]);
    },
  };
}

/** A segment of TCP that a guest sends from so many ports, every two seconds again. */
interface Flood {
  readonly frame: Uint8Array;
  readonly ports: number;
  /** It ends by itself after so long. */
  readonly seconds: number;
}

/** Floods while `work` runs, which may ask how often the guest has sent all of it. */
export async function whileFlooding<T>(
  lab: Lab,
  vm: string,
  { frame, ports, seconds }: Flood,
  work: (rounds: () => Promise<number>) => Promise<T>,
): Promise<T> {
  const file = '/run/flood';
  const flood = ['perl', '/lab/frames.pl', 'flood', NIC, String(seconds), String(ports)];
  const flooding = await startInGuest(lab, vm, [...flood, Buffer.from(frame).toString('hex')], file);
  try {
    return await work(async () => (await guestExec(lab, vm, ['cat', file])).stdout.split('\n').length - 1);
  } finally {
    await flooding.end();
  }
}

/**
 * Catches the frames with `marker` in them that reach a guest while `work` runs, for at most `seconds`. `work` may ask how
 * many there are by now.
 */
export async function catchFrames(
  lab: Lab,
  vm: string,
  options: { readonly marker: string; readonly seconds: number },
  work: (count: () => Promise<number>) => Promise<void>,
): Promise<readonly Buffer[]> {
  const file = '/run/caught';
  await guestOk(lab, vm, ['rm', '-f', file]);
  const argv = ['perl', '/lab/frames.pl', 'catch', NIC, String(options.seconds), options.marker];
  const catching = await startInGuest(lab, vm, argv, file);
  const caught = async () => (await guestExec(lab, vm, ['cat', file])).stdout.split('\n');
  const isListening = async () => (await caught()).includes('catching');
  const frames = async () => (await caught()).filter((line) => /^([0-9a-f]{2}){14,}$/.test(line));
  try {
    await waitFor(`${vm} listens`, isListening, { timeoutMs: 180_000, everyMs: 100 });
    await work(async () => (await frames()).length);
  } finally {
    await catching.end();
  }
  return (await frames()).map((line) => Buffer.from(line, 'hex'));
}

/** Frames of several kinds, each of which carries `frameText(marker, kind)`. */
export interface ForgedFrames {
  readonly marker: string;
  readonly from: VmSpec;
  readonly to: VmSpec;
  readonly kinds: Readonly<Record<string, readonly Uint8Array[]>>;
  /** What may be sent to the same VM. */
  readonly honest: HonestFrame;
}

interface HonestFrame {
  readonly from: VmSpec;
  readonly frame: Uint8Array;
}

/** Waits until a guest has sent so many packets more. */
export async function sendsMore(lab: Lab, vm: string, packets: number): Promise<void> {
  const sent = async () => Number(await guestOk(lab, vm, ['cat', `/sys/class/net/${NIC}/statistics/tx_packets`]));
  const before = await sent();
  await waitFor(`${vm} sends`, async () => (await sent()) >= before + packets, { timeoutMs: 60_000, everyMs: 100 });
}

const HONEST = 'honest';
const FEW = { times: 3, everyS: 0.1 };

/** What a frame of a kind carries, so that whoever catches it can tell. */
export const frameText = (marker: string, kind: string): string => `${marker} ${kind};`;

/** What the attacker is allowed to send to the victim, as {@link ForgedFrames.honest}. */
export function honestQuestion({ attacker, victim, udpPort }: AttackContext['cast'], marker: string): HonestFrame {
  return honestDatagram(attacker, victim, { sourcePort: 4000, targetPort: udpPort }, marker);
}

/** What the victim answers to that. */
export function honestAnswer({ attacker, victim, udpPort }: AttackContext['cast'], marker: string): HonestFrame {
  return honestDatagram(victim, attacker, { sourcePort: udpPort, targetPort: 4000 }, marker);
}

function honestDatagram(from: VmSpec, to: VmSpec, ports: Pick<Udp, 'sourcePort' | 'targetPort'>, marker: string) {
  const ends = { source: addressOf(from.ipv4), target: addressOf(to.ipv4) };
  return {
    from,
    frame: udpFrame({ from: from.mac, to: to.mac }, { ...ends, ...ports, data: frameText(marker, HONEST) }),
  };
}

/** A switch without protection may have learned the way wrong, and learns anew from what the VM itself sends. */
const ATTEMPTS = 20;

/** Sends forged frames when an honest one has arrived, and says which kinds reached the VM that they were for. */
export async function sendForged(lab: Lab, { marker, from, to, kinds, honest }: ForgedFrames): Promise<AttackResult> {
  const caught = await catchFrames(lab, to.name, { marker, seconds: 40 }, async (count) => {
    for (let n = 0; n < ATTEMPTS && (await count()) === 0; n++)
      await sendFrames(lab, honest.from.name, [honest.frame], FEW);
    await sendFrames(lab, from.name, Object.values(kinds).flat(), FEW);
  });
  const came = (kind: string) => caught.some((frame) => frame.includes(frameText(marker, kind)));
  const reached = Object.keys(kinds).filter(came);
  const which = reached.length === 0 ? 'none' : reached.join(', ');
  const evidence = `of ${Object.keys(kinds).length} kinds of frames from ${from.name}, ${which} reached ${to.name}`;
  return { succeeded: reached.length > 0, control: came(HONEST), evidence };
}

const COPIES = 10;

/** Sends forged packets to the victim beside honest ones, which differ only in who they say sent them. */
export async function sendBeside(
  { lab, cast: { attacker, victim, udpPort } }: AttackContext,
  forged: { readonly marker: string; readonly mac: string; readonly address: string },
): Promise<AttackResult> {
  const own = (vm: VmSpec) => addressOf(forged.address.includes(':') ? vm.ipv6 : vm.ipv4);
  const frame = (mac: string, source: string, kind: string) => {
    const ports = { sourcePort: 4000, targetPort: udpPort };
    const udp = { source, target: own(victim), ...ports, data: `${forged.marker} ${kind}` };
    return udpFrame({ from: mac, to: victim.mac }, udp);
  };
  const frames = [frame(attacker.mac, own(attacker), 'honest'), frame(forged.mac, forged.address, 'forged')];
  const caught = await catchFrames(lab, victim.name, { marker: forged.marker, seconds: 20 }, () =>
    sendFrames(lab, attacker.name, frames, { times: COPIES, everyS: 0.1 }),
  );
  const [honest, wrong] = ['honest', 'forged'].map((kind) => caught.filter((f) => f.includes(kind)).length);
  const who = `from ${forged.mac} ${forged.address}`;
  const evidence = `${wrong} of ${COPIES} forged packets ${who} reached ${victim.name}, and ${honest} honest ones`;
  return { succeeded: wrong! > 0, control: honest! > 0, evidence };
}

/** The link-layer address that a guest has for a neighbour, or undefined. */
export async function neighbour(lab: Lab, vm: string, address: string): Promise<string | undefined> {
  const table = await guestOk(lab, vm, ['ip', address.includes(':') ? '-6' : '-4', 'neigh']);
  const line = table.split('\n').find((l) => l.startsWith(`${address} `));
  return line && /lladdr (\S+)/.exec(line)?.[1];
}

/** True when an echo request is answered. */
export async function ping(lab: Lab, vm: string, to: string): Promise<boolean> {
  return (await guestExec(lab, vm, ['ping', '-c', '2', '-W', '2', to])).code === 0;
}

/** The first line of what an HTTP server answers, or undefined when nothing comes. */
export async function httpStatus(lab: Lab, vm: string, to: string, port: number): Promise<string | undefined> {
  const request = 'GET / HTTP/1.0\r\n\r\n';
  const { stdout } = await guestExec(lab, vm, ['timeout', '5', 'nc', '-w', '3', to, String(port)], { input: request });
  return stdout.split('\r\n')[0] || undefined;
}
