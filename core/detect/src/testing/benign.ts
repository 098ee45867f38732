import { outside, RULES, repeatedly, type Scene, somewhere, VMS } from './traffic.ts';

/** What VMs do all day, and what must not be taken for an attack. */
export const BENIGN = {
  /** Fetches from many web servers of which one in twenty does not answer. */
  crawler(recorder, random, durationMs) {
    repeatedly(random, durationMs, 400, (atMs) => {
      const isDead = random.next() < 0.05;
      const ms = random.int(50, 4000);
      recorder.add({
        atMs,
        to: somewhere(random),
        port: 443,
        ...(isDead ? { packets: 3, replyPackets: 0 } : { packets: 20, replyPackets: 60, ms }),
      });
    });
  },
  /** Is asked by clients of the internet, some of which go away. */
  webServer(recorder, random, durationMs) {
    repeatedly(random, durationMs, 60, (atMs) => {
      const isGone = random.next() < 0.02;
      recorder.add({
        atMs,
        from: somewhere(random),
        to: VMS.own,
        port: 443,
        ...(isGone ? { packets: 1, replyPackets: 1 } : { packets: 12, replyPackets: 30, ms: 800 }),
      });
    });
  },
  /** Asks a hundred machines again and again whether they are there; a tenth is switched off. */
  monitoring(recorder, random, durationMs) {
    const dead = new Set(Array.from({ length: 100 }, (_, i) => i).filter(() => random.next() < 0.1));
    for (let atMs = 0; atMs < durationMs; atMs += 15_000)
      for (let i = 0; i < 100; i++)
        recorder.add({
          atMs: atMs + i * 20,
          to: outside(`10.3.0.${i + 1}`),
          port: 9100,
          ...(dead.has(i) && { packets: 3, replyPackets: 0 }),
        });
  },
  /** Sets up twelve machines over SSH, one connection after the other. */
  deployment(recorder, random, durationMs) {
    repeatedly(random, durationMs, 300_000, (atMs) => {
      for (let i = 0; i < 12; i++)
        for (let step = 0; step < 8; step++)
          recorder.add({
            atMs: atMs + step * 3000 + i * 100,
            to: outside(`10.3.1.${i + 1}`),
            port: 22,
            packets: 25,
            replyPackets: 22,
            ms: 1500,
          });
    });
  },
  /** Opens a connection for each request, as programs without a pool do. */
  database(recorder, random, durationMs) {
    repeatedly(random, durationMs, 25, (atMs) =>
      recorder.add({ atMs, to: VMS.peer, port: 5432, packets: 9, replyPackets: 8 }),
    );
  },
  /** Resolves names and sends its log by UDP, which nobody answers. */
  chores(recorder, random, durationMs) {
    repeatedly(random, durationMs, 200, (atMs) =>
      recorder.add({ atMs, to: outside('10.1.0.2'), port: 53, protocol: 17, packets: 1, replyPackets: 1 }),
    );
    repeatedly(random, durationMs, 100, (atMs) =>
      recorder.add({
        atMs,
        to: outside('10.1.0.3'),
        port: 514,
        protocol: 17,
        packets: random.int(1, 40),
        replyPackets: 0,
      }),
    );
  },
  /** Sends a copy of its disk. */
  backup(recorder, _random, durationMs) {
    recorder.add({
      atMs: 1000,
      to: outside('10.3.2.1'),
      port: 873,
      ms: durationMs - 2000,
      packets: 400_000,
      replyPackets: 200_000,
      bytes: 560_000_000,
    });
  },
  /** Sends pictures to a meeting, and gets others. */
  video(recorder, random, durationMs) {
    repeatedly(random, durationMs, 60_000, (atMs) =>
      recorder.add({
        atMs,
        to: somewhere(random),
        port: 3478,
        protocol: 17,
        ms: 50_000,
        packets: 25_000,
        replyPackets: 20_000,
      }),
    );
  },
  /** Wants something that the policy refuses, and does not give up. */
  misconfigured(recorder, random, durationMs) {
    repeatedly(random, durationMs, 10_000, (atMs) =>
      recorder.add({ atMs, to: outside('10.9.0.1'), port: 8086, packets: 1, deniedBy: RULES.denied }),
    );
  },
} as const satisfies Record<string, Scene>;
