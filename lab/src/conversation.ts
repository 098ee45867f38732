import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { Lab } from './lab.ts';
import { startInGuest } from './tools.ts';
import { addressOf, type VmSpec } from './vm/spec.ts';
import { guestExec, guestOk } from './vm/vm.ts';
import { waitFor } from './wait.ts';

/** Rounds of a conversation that nobody ends. */
export const ROUNDS = 100;
/** After so many seconds without an answer a conversation is over. */
const SILENCE_S = 10;

/** Answers every line of every caller with a line; says when it can. */
const SERVER = `use IO::Socket::INET; $SIG{CHLD} = 'IGNORE'; $SIG{PIPE} = 'IGNORE'; my ($port) = @ARGV;
my $listener = IO::Socket::INET->new(LocalPort => $port, Listen => 5, ReuseAddr => 1) or die $!; $| = 1; print "up\\n";
while (my $caller = $listener->accept) { next if fork;
  close $listener; $caller->autoflush(1); alarm 600; while (<$caller>) { print $caller "heard\\n" } exit }`;
/** Opens with what it is given as hex, and says one line more for each answer; tells how many came. */
const CLIENT = `use IO::Socket::INET; $SIG{PIPE} = 'IGNORE'; my ($to, $port, $hex, $rounds, $silence) = @ARGV; my $heard = 0;
my $s = IO::Socket::INET->new(PeerAddr => $to, PeerPort => $port, Timeout => 10);
eval { local $SIG{ALRM} = sub { die }; $s->autoflush(1); print $s pack('H*', $hex); print $s "\\n";
  for (1 .. $rounds) { alarm $silence; <$s> // die; alarm 0; $heard++; select undef, undef, undef, 0.05; print $s "more\\n" } } if $s;
print "$heard\\n"`;

export interface Meeting {
  readonly from: VmSpec;
  readonly to: VmSpec;
  readonly port: number;
}

/** Somebody in a guest who answers whatever is said on a port, while `work` runs. */
export async function whileAnswering<T>(lab: Lab, vm: string, port: number, work: () => Promise<T>): Promise<T> {
  const output = `/run/answering-${port}`;
  await guestOk(lab, vm, ['rm', '-f', output]);
  const answering = await startInGuest(lab, vm, ['perl', '-e', SERVER, String(port)], output);
  try {
    const isUp = async () => (await guestExec(lab, vm, ['cat', output])).stdout === 'up\n';
    await waitFor(`${vm} listens on ${port}`, isUp, { timeoutMs: 60_000 });
    return await work();
  } finally {
    await answering.end();
  }
}

/** How many answers one guest gets from another that answers, when its first words are these. */
export async function converse(
  lab: Lab,
  { from, to, port }: Meeting,
  opening: Buffer,
  rounds = ROUNDS,
): Promise<number> {
  const args = [addressOf(to.ipv4), String(port), opening.toString('hex'), String(rounds), String(SILENCE_S)];
  return Number(await guestOk(lab, from.name, ['perl', '-e', CLIENT, ...args], { timeoutS: 300 }));
}

/** Calls again and again, says some words each time and hangs up; tells how many calls were answered to their end. */
const CALLER = `use IO::Socket::INET; $SIG{PIPE} = 'IGNORE'; my ($to, $port, $calls) = @ARGV; my $answered = 0;
for (1 .. $calls) { my $s = IO::Socket::INET->new(PeerAddr => $to, PeerPort => $port, Timeout => 5) or next; my $heard = 0;
  eval { local $SIG{ALRM} = sub { die }; alarm 5; $s->autoflush(1); for (1 .. 4) { print $s "word\n"; <$s> // die; $heard++ } }; alarm 0;
  $answered++ if $heard == 4 }
print "$answered\n"`;

/** How many short conversations one guest has with another that answers, one after the other. */
export async function converseOften(lab: Lab, { from, to, port }: Meeting, calls: number): Promise<number> {
  const argv = ['perl', '-e', CALLER, addressOf(to.ipv4), String(port), String(calls)];
  return Number(await guestOk(lab, from.name, argv, { timeoutS: 300 }));
}

/** Asks for each name over one port until the last one was answered so often, or for half a minute; tells how many answers each had. */
const ASKER = `use Socket; my ($to, $port, $enough, @names) = @ARGV; my @heard = (0) x @names;
socket my $s, AF_INET, SOCK_DGRAM, 0; my $at = pack_sockaddr_in($port, inet_aton($to)); vec(my $ready = '', fileno $s, 1) = 1;
for (my $round = 0; $round < 60 && $heard[-1] < $enough; $round++) {
  for my $n (0 .. $#names) { send $s, pack('n6', $n, 0x0100, 1, 0, 0, 0) . join('', map { chr(length) . $_ } split /[.]/, $names[$n]) . pack('x n2', 1, 1), 0, $at }
  while (select my $now = $ready, undef, undef, 0.5) { recv $s, my $answer, 512, 0; $heard[unpack 'n', $answer]++ } }
print "@heard\\n"`;

/** How many answers (RFC 1035) one guest gets from another that it asks for names, when the last one has had five. */
export async function askNames(lab: Lab, { from, to, port }: Meeting, names: readonly string[]): Promise<number[]> {
  const argv = ['perl', '-e', ASKER, addressOf(to.ipv4), String(port), '5', ...names];
  return (await guestOk(lab, from.name, argv, { timeoutS: 120 })).trim().split(' ').map(Number);
}

/** What a client of SSH says first (RFC 4253, 4.2). */
export const SSH_GREETING = Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n');

/** What a client of TLS says first that wants to speak to a name. */
export function tlsGreeting(name: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        resolve(chunk);
        done();
      },
    });
    connect({ socket: wire, servername: name }).on('error', () => undefined);
  });
}
