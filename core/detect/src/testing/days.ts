import type { Random } from './random.ts';
import { outside, repeatedly, type Scene, somewhere, VMS } from './traffic.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Every day at an hour, give or take some minutes. */
export function daily(random: Random, durationMs: number, hour: number, act: (atMs: number) => void): void {
  for (let day = 0; day * DAY_MS < durationMs; day++) {
    const atMs = day * DAY_MS + hour * HOUR_MS + random.int(0, 20 * MINUTE_MS);
    if (atMs < durationMs) act(atMs);
  }
}

/** What VMs do over days, little by little, and what looks like reports, theft or tunnels. */
export const DAYS = {
  /** Sets its clock by four servers, fetches updates, and asks for their names. */
  errands(recorder, random, durationMs) {
    const clocks = Array.from({ length: 4 }, () => somewhere(random));
    for (const to of clocks)
      for (let atMs = random.int(0, 60_000); atMs < durationMs; atMs += 1024_000)
        recorder.add({ atMs, to, port: 123, protocol: 17, packets: 1, replyPackets: 1, bytes: 76, replyBytes: 76 });
    const mirrors = Array.from({ length: 3 }, () => somewhere(random));
    repeatedly(random, durationMs, 6 * HOUR_MS, (atMs) => {
      recorder.ask(atMs, 'updates.example.org');
      recorder.add({
        ...{ atMs, to: random.pick(mirrors), port: 443, ms: 30_000, packets: 9_000, replyPackets: 40_000 },
        ...{ bytes: 500_000, replyBytes: random.int(5, 200) * 1_000_000 },
      });
    });
  },
  /** An agent in its image reports outside each minute, from the first minute on. */
  agent(recorder, random, durationMs) {
    const to = somewhere(random);
    for (let atMs = random.int(0, 50_000); atMs < durationMs; atMs += 60_000 + random.int(-500, 500))
      recorder.add({ atMs, to, port: 443, bytes: 2_400 + random.int(0, 90), replyBytes: 500 });
  },
  /** An hour after its beginning it is told to look after a dozen machines outside, each minute. */
  prober(recorder, random, durationMs) {
    const sites = Array.from({ length: 12 }, () => somewhere(random));
    for (let atMs = HOUR_MS; atMs < durationMs; atMs += 60_000)
      for (const [n, to] of sites.entries())
        recorder.add({ atMs: atMs + n * 900, to, port: 443, bytes: 900, replyBytes: 4_000 });
  },
  /** Fetches a list every ten minutes, from its third hour on. */
  feed(recorder, random, durationMs) {
    const to = somewhere(random);
    for (let atMs = 3 * HOUR_MS; atMs < durationMs; atMs += 10 * MINUTE_MS)
      recorder.add({ atMs, to, port: 443, replyPackets: 300, packets: 90, bytes: 9_000, replyBytes: 380_000 });
  },
  /** Asks six services outside whenever somebody needs them. */
  interfaces(recorder, random, durationMs) {
    for (const to of Array.from({ length: 6 }, () => somewhere(random)))
      repeatedly(random, durationMs, random.int(20, 300) * 1000, (atMs) =>
        recorder.add({ atMs, to, port: 443, bytes: random.int(700, 900), replyBytes: random.int(1_000, 1_400) }),
      );
  },
  /** Sends a copy of its data outside each night, to wherever the store's name leads. */
  nightlyCopy(recorder, random, durationMs) {
    const megabytes = random.int(200, 900);
    daily(random, durationMs, 2, (atMs) =>
      recorder.add({
        ...{ atMs, to: somewhere(random), port: 443, ms: 900_000, packets: 600_000, replyPackets: 300_000 },
        ...{ bytes: Math.round(megabytes * (0.9 + 0.2 * random.next()) * 1e6), replyBytes: 12_000_000 },
      }),
    );
  },
  /** By day it sends and gets, by night it rests; meetings go both ways, to a new place each time. */
  office(recorder, random, durationMs) {
    for (let hour = 8; hour < 18; hour++)
      daily(random, durationMs, hour, (atMs) => {
        const megabytes = random.int(10, 40);
        recorder.add({
          ...{ atMs, to: somewhere(random), port: 443, ms: 60_000, packets: 20_000, replyPackets: 15_000 },
          ...{ bytes: megabytes * 1e6, replyBytes: megabytes * 3e5 },
        });
        recorder.add({
          ...{ atMs: atMs + HOUR_MS / 2, to: somewhere(random), port: 3478, protocol: 17, ms: 1_200_000 },
          ...{ packets: 400_000, replyPackets: 400_000, bytes: 300_000_000, replyBytes: 320_000_000 },
        });
      });
  },
  /** Looks up names as browsers do: content networks, video, load balancers, reverse lookups of its log. */
  people(recorder, random, durationMs) {
    const some = (count: number) => Array.from({ length: count }, () => random.int(0, 35).toString(36)).join('');
    repeatedly(random, durationMs, 20_000, (atMs) => {
      recorder.ask(atMs, `www.${some(random.int(4, 14))}.com`);
      recorder.ask(atMs + 50, `d${some(13)}.cloudfront.net`);
      recorder.ask(atMs + 90, `rr${random.int(1, 9)}---sn-${some(8)}.googlevideo.com`);
      recorder.ask(atMs + 95, `ec2-${random.int(1, 99)}-${random.int(1, 255)}-0-7.eu-west-1.compute.amazonaws.com`);
      recorder.ask(atMs + 99, `${random.int(1, 254)}.${random.int(0, 255)}.0.203.in-addr.arpa`);
    });
  },
  /** People come to it to administer forty machines, new people and new machines now and then. */
  bastion(recorder, random, durationMs) {
    const talk = { ms: 300_000, packets: 900, replyPackets: 900, port: 22 };
    repeatedly(random, durationMs, 40 * MINUTE_MS, (atMs) => {
      recorder.add({ atMs, from: outside(`10.8.0.${random.int(1, 30)}`), to: VMS.own, ...talk });
      for (let n = random.int(1, 4); n > 0; n--)
        recorder.add({ atMs: atMs + n * 30_000, to: outside(`10.1.1.${random.int(1, 40)}`), ...talk });
    });
  },
  /** Wants a machine that is switched off, and another that nobody has built yet, every hour. */
  stale(recorder, random, durationMs) {
    repeatedly(random, durationMs, HOUR_MS, (atMs) => {
      for (const host of [71, 72])
        recorder.add({ atMs, to: outside(`10.3.0.${host}`), port: 5432, packets: 3, replyPackets: 0 });
    });
  },
} as const satisfies Record<string, Scene>;
