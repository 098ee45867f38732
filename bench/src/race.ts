/**
 * Throughput and latency of several things that packets pass, in turns, so that whatever else the machine does falls on
 * all of them. Needs iperf3 and Python.
 */
import { type Metric, median } from './metric.ts';

const ROUNDS = 7;
const SECONDS = 1;
const EXCHANGES = 2_000;

/** Something that packets pass between two ends, at the far one of which {@link ECHO} and `iperf3 --server` run. */
export interface Candidate {
  readonly name: string;
  /** Runs a command at the near end. */
  readonly at: (...argv: readonly string[]) => Promise<string>;
  /** Makes it what the packets pass. */
  readonly begin: () => Promise<void>;
}

/** Of each candidate, one value a round. */
type Values = ReadonlyMap<string, readonly number[]>;

/** @param to the address of the far end */
export async function race(
  candidates: readonly Candidate[],
  to: string,
): Promise<{ throughput: Values; latency: Values }> {
  return {
    throughput: await inTurns(candidates, (at) => gigabitsPerSecond(at, to)),
    latency: await inTurns(candidates, (at) => roundTripMicroseconds(at, to)),
  };
}

async function inTurns(
  candidates: readonly Candidate[],
  measure: (at: Candidate['at']) => Promise<number>,
): Promise<Values> {
  const values = new Map(candidates.map(({ name }) => [name, [] as number[]]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const { name, at, begin } of candidates) {
      await begin();
      const value = await measure(at);
      if (round >= 0) values.get(name)!.push(value);
    }
  }
  return values;
}

async function gigabitsPerSecond(at: Candidate['at'], to: string): Promise<number> {
  const said = await at('iperf3', '--client', to, '--time', String(SECONDS), '--json');
  const { end } = JSON.parse(said) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second / 1e9;
}

/** Of one UDP packet there and back, the median of many. Python, because the interpreter that measures adds least. */
async function roundTripMicroseconds(at: Candidate['at'], to: string): Promise<number> {
  return Number(await at('python3', '-c', ASK, to, String(EXCHANGES)));
}

export const ECHO = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 7))
while True: s.sendto(*s.recvfrom(64))
`;

const ASK = `
import socket, statistics, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(1)
s.connect((sys.argv[1], 7))
def once():
    begin = time.perf_counter_ns()
    s.send(b"x" * 64)
    s.recv(64)
    return time.perf_counter_ns() - begin
for _ in range(50): once()
print(statistics.median(once() for _ in range(int(sys.argv[2]))) / 1000)
`;

/** Figures of one candidate beside another's. */
export const compare = (bench: string, goal: number) =>
  function* (
    { throughput, latency }: { throughput: Values; latency: Values },
    name: string,
    peer: { readonly name: string; readonly title: string },
  ): Generator<Metric> {
    const figures = { bench, goal, name, peer };
    yield beside(`throughput, ${name}`, 'Gbit/s', throughput, figures, (mine, other) => mine / other);
    yield beside(`latency, ${name}`, 'µs', latency, figures, (mine, other) => other / mine);
  };

interface Figures {
  readonly bench: string;
  readonly goal: number;
  readonly name: string;
  readonly peer: { readonly name: string; readonly title: string };
}

function beside(
  metric: string,
  unit: string,
  values: Values,
  { bench, goal, name, peer }: Figures,
  ratioOf: (mine: number, other: number) => number,
): Metric {
  const [mine, theirs] = [values.get(name)!, values.get(peer.name)!];
  // Of each round by itself: what slows the machine for a while slows both sides of it.
  const ratio = median(mine.map((value, n) => ratioOf(value, theirs[n]!)));
  return {
    name: bench,
    metric,
    value: round(median(mine)),
    unit,
    peer: `${peer.title}: ${round(median(theirs))} ${unit}`,
    ratio: round(ratio),
    goal: `≥ ${goal}`,
    pass: ratio >= goal,
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
