import { connectLibvirt, type Libvirt } from '../src/index.ts';
import { type FakeAnswer, type FakeDaemon, key, REMOTE, startFakeDaemon } from '../src/testing/fake-daemon.ts';
import { testDefaultAnswers } from '../src/testing/test-default.ts';

/** Runs `body` against a fake daemon that answers some remote procedures differently. */
export async function withDaemon(
  changed: Record<number, FakeAnswer>,
  body: (daemon: FakeDaemon, connect: (options?: object) => Promise<Libvirt>) => Promise<void>,
): Promise<void> {
  const answers = testDefaultAnswers();
  for (const [procedure, answer] of Object.entries(changed)) answers.set(key(REMOTE, Number(procedure)), answer);
  const daemon = await startFakeDaemon(answers);
  const open: Libvirt[] = [];
  try {
    await body(daemon, async (options) => {
      const libvirt = await connectLibvirt(daemon.uri('test:///default'), options);
      open.push(libvirt);
      return libvirt;
    });
  } finally {
    await Promise.all(open.map((libvirt) => libvirt.with({ timeoutMs: 100 }).close()));
    await daemon.stop();
  }
}
