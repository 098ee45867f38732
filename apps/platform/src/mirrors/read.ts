import { randomUUID } from 'node:crypto';
import type { CapturePart, EngineMessage } from '@hypervigil/contract';
import type { z } from 'zod';
import type { ChannelRegistry } from '../channel/registry.ts';
import { ApiFailure, notFound } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { type Actor, transact } from '../state/work.ts';
import { getCapture } from './captures.ts';

type Answer = Extract<EngineMessage, { type: 'capture.part' }>;

/** Reads files of captures where they lie, piece by piece: the platform keeps nothing of what is in them. */
export interface CaptureReader {
  read(
    actor: Actor,
    place: { readonly id: string; readonly fileId: string },
    offset: number,
  ): Promise<z.infer<typeof CapturePart>>;
  /** An engine's answer. */
  answered(hostId: string, answer: Answer): void;
}

const ANSWER_MS = 20_000;

export function createCaptureReader(db: Database, registry: ChannelRegistry): CaptureReader {
  const asked = new Map<string, { readonly hostId: string; resolve(answer: Answer | undefined): void }>();

  return {
    async read(actor, { id, fileId }, offset) {
      const { files, mirrorId } = await getCapture(db, id);
      const file = files.find((one) => one.id === fileId);
      if (!file?.hostId) throw notFound('capture', fileId);
      const { hostId } = file;
      const channel = registry.of(hostId);
      if (channel === undefined) throw new ApiFailure('capture-away', {});
      // Who reads the content of a tenant's traffic is on record before the first byte of it has left its host.
      if (offset === 0)
        await transact(db, actor, async ({ audit }) =>
          audit({
            action: 'capture.read',
            subject: `mirror:${mirrorId}`,
            params: { capture: id, host: file.hostName },
          }),
        );
      const request = randomUUID();
      const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
      const timer = setTimeout(() => resolve(undefined), ANSWER_MS);
      asked.set(request, { hostId, resolve });
      try {
        channel.send({ type: 'capture.read', request, id, offset });
        const answer = await promise;
        if (answer === undefined) throw new ApiFailure('capture-away', {});
        if (answer.data === null) throw new ApiFailure('file-gone', {});
        return { data: answer.data, next: answer.next };
      } finally {
        clearTimeout(timer);
        asked.delete(request);
      }
    },
    answered(hostId, answer) {
      const question = asked.get(answer.request);
      // A host answers for itself alone.
      if (question?.hostId === hostId) question.resolve(answer);
    },
  };
}
