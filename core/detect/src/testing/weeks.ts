import { DAY_MS, daily, HOUR_MS, MINUTE_MS } from './days.ts';
import { repeatedly, type Scene, somewhere, VMS } from './traffic.ts';

/** How busy people are at an hour of the day. */
const curve = (hour: number): number => 0.1 + 0.9 * Math.max(0, Math.sin(((hour - 6) / 18) * Math.PI));

/** What VMs do differently by day, by night and on Sundays. */
export const WEEKS = {
  /** Sells things: busy by day, less on two days of the week, more or less from one hour to the next. */
  shop(recorder, random, durationMs) {
    const megabytes = random.int(200, 1_500);
    for (let atMs = 0; atMs < durationMs; atMs += 10 * MINUTE_MS) {
      const weekday = Math.floor(atMs / DAY_MS) % 7;
      const busy = curve(Math.floor(atMs / HOUR_MS) % 24) * (weekday > 4 ? 0.5 : 1) * (0.6 + 0.8 * random.next());
      recorder.add({
        ...{ atMs, from: somewhere(random), to: VMS.own, port: 443, ms: 500_000, packets: 40_000 },
        ...{ bytes: 4_000_000, replyPackets: 90_000, replyBytes: Math.round((megabytes * busy * 1e6) / 6) },
      });
    }
  },
  /** Visits some hundred other sites each night. */
  crawl(recorder, random, durationMs) {
    const sites = random.int(100, 500);
    daily(random, durationMs, 1, (atMs) => {
      for (let i = 0; i < sites * (0.8 + 0.4 * random.next()); i++)
        recorder.add({ atMs: atMs + i * 3_000, to: somewhere(random), port: 443, bytes: 2_000, replyBytes: 90_000 });
    });
  },
  /** Sends a copy each night, and all of it on the first day of the week. */
  copies(recorder, random, durationMs) {
    const to = somewhere(random);
    const gigabytes = random.int(1, 4);
    daily(random, durationMs, 3, (atMs) => {
      const isWhole = Math.floor(atMs / DAY_MS) % 7 === 0;
      recorder.add({
        ...{ atMs, to, port: 443, ms: 1_200_000, packets: 700_000, replyPackets: 300_000 },
        ...{ bytes: (isWhole ? 10 : 1) * gigabytes * 1e9, replyBytes: 12_000_000 },
      });
    });
  },
  /** A colleague sends a disk somewhere now and then, which is much for it and less than is told of. */
  errand(recorder, random, durationMs) {
    repeatedly(random, durationMs, DAY_MS, (atMs) =>
      recorder.add({
        ...{ atMs, to: VMS.peer, port: 22, ms: 300_000, packets: 300_000, replyPackets: 100_000 },
        ...{ bytes: random.int(100, 900) * 1_000_000, replyBytes: 3_000_000 },
      }),
    );
  },
} as const satisfies Record<string, Scene>;
