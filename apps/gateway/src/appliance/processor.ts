import { readFileSync } from 'node:fs';

/** What the processors have done since the start, in ticks. */
interface Ticks {
  readonly working: number;
  readonly all: number;
}

/** Ticks a second (proc(5), USER_HZ). */
const HZ = 100;
const DAMPED_S = 60;

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. Packets are softirq. */
export function parseTicks(stat: string): Ticks {
  const ticks = stat.split('\n')[0]!.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  return { working: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), all };
}

/** How busy the processors are, from 0 to 1, damped as the load average is; null before there is anything to compare. */
export function createBusyMeter(
  processors: () => number,
  read = () => readFileSync('/proc/stat', 'utf8'),
): () => number | null {
  let before = parseTicks(read());
  let busy: number | null = null;
  return () => {
    const now = parseTicks(read());
    const [working, all] = [now.working - before.working, now.all - before.all];
    if (all <= 0) return busy;
    before = now;
    const share = Math.min(1, Math.max(0, working / all));
    const weight = busy === null ? 1 : 1 - Math.exp(-all / processors() / HZ / DAMPED_S);
    busy = (busy ?? 0) + weight * (share - (busy ?? 0));
    return busy;
  };
}
