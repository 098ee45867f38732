import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CAPTURE_PART_BYTES, CaptureReport } from '@hypervigil/model';
import { readIfThere, writeDurably } from '../files/durable.ts';
import type { CaptureFigures } from './capture.ts';

/** Files of captures, each with what is known of it, for as long as the platform knows the capture. */
export interface CaptureFiles {
  place(id: string): string;
  /** What is known of captures that have ended, those of earlier processes too. */
  ended(): readonly CaptureReport[];
  has(id: string): boolean;
  keep(id: string, figures: CaptureFigures): Promise<void>;
  /** Deletes all others, but those that are being written. */
  retain(ids: ReadonlySet<string>): Promise<void>;
  /** Undefined when there is no such file. */
  read(id: string, offset: number): Promise<{ readonly data: Buffer; readonly next: number | null } | undefined>;
}

const INTERRUPTED: CaptureFigures = {
  ...{ state: 'failed', packets: 0, leftOut: 0, bytes: 0, sha256: null },
  reason: 'The engine restarted in the middle of it',
};
const NAME = /^([0-9a-f-]{36})\.(pcap|json)$/;

export async function openCaptureFiles(directory: string): Promise<CaptureFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const known = new Map<string, CaptureReport>();
  const place = (id: string): string => path.join(directory, `${id}.pcap`);
  const notes = (id: string): string => path.join(directory, `${id}.json`);
  const names = (await readdir(directory)).flatMap((name) => NAME.exec(name)?.[1] ?? []);
  for (const id of new Set(names)) {
    const read = CaptureReport.safeParse(parsed(await readIfThere(notes(id))));
    known.set(id, read.success ? read.data : { ...INTERRUPTED, id });
    if (!read.success) await rm(place(id), { force: true });
  }

  return {
    place,
    ended: () => [...known.values()],
    has: (id) => known.has(id),
    async keep(id, figures) {
      const report = { ...figures, id };
      await writeDurably(notes(id), JSON.stringify(report));
      known.set(id, report);
    },
    async retain(ids) {
      for (const id of [...known.keys()].filter((one) => !ids.has(one))) {
        await rm(place(id), { force: true });
        await rm(notes(id), { force: true });
        known.delete(id);
      }
    },
    async read(id, offset) {
      if (!known.has(id)) return undefined;
      const file = await open(place(id), 'r').catch(() => undefined);
      if (!file) return undefined;
      try {
        const data = Buffer.alloc(CAPTURE_PART_BYTES);
        const { bytesRead } = await file.read(data, 0, data.length, offset);
        const { size } = await file.stat();
        const next = offset + bytesRead;
        return { data: data.subarray(0, bytesRead), next: bytesRead > 0 && next < size ? next : null };
      } finally {
        await file.close();
      }
    },
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
