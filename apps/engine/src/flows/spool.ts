import { type FileHandle, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { FlowRecord, NameRecord } from '@hypervigil/contract';
import { z } from 'zod';
import { EngineError } from '../errors.ts';
import { flushDirectory } from '../files/durable.ts';
import { decodeFrames, encodeFrame, FRAME_HEADER_BYTES, MAX_BODY_BYTES } from './segment.ts';

/** Flow records and names on their way, and how many were lost before them. */
const Batch = z.object({
  batch: z.string().max(64),
  records: z.array(FlowRecord).max(10_000),
  names: z.array(NameRecord).max(10_000).default([]),
  lost: z.int().min(0),
});
export type Batch = z.infer<typeof Batch>;

export interface SpoolOptions {
  readonly directory: string;
  /** Bytes on disk, at most; beyond it the oldest segment goes, and what was in it is counted as lost. */
  readonly limitBytes: number;
  readonly segmentBytes?: number;
}

/** Batches that the platform has not acknowledged yet, oldest first, on disk. Calls may overlap; they are done in order. */
export interface Spool {
  /**
   * Durable when it resolves; on a full disk older batches make room for it. Rejects with `spool-full` when the disk takes
   * nothing even so: this batch was not kept then.
   */
  append(batch: Batch): Promise<void>;
  /** The oldest batches that `skip` does not hold. */
  oldest(count: number, skip: ReadonlySet<string>): Promise<Batch[]>;
  forget(batch: string): Promise<void>;
  /** Records given up for the limit, or for a full disk, since the last call. */
  takeDropped(): number;
  readonly bytes: number;
  readonly batches: number;
  close(): Promise<void>;
}

interface Entry {
  readonly batch: string;
  readonly records: number;
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

interface Segment {
  readonly file: string;
  bytes: number;
  /** Batches in it that are not acknowledged. */
  open: number;
}

const SEGMENT_NAME = /^(\d{12})\.flows$/;

export async function openSpool({ directory, limitBytes, segmentBytes = 1024 * 1024 }: SpoolOptions): Promise<Spool> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const entries = new Map<string, Entry>();
  const segments: Segment[] = [];
  let nextNumber = 1;
  let writing: { handle: FileHandle; segment: Segment } | undefined;
  let dropped = 0;
  let queue: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  const remove = async (segment: Segment): Promise<void> => {
    if (writing?.segment === segment) await finishSegment();
    segments.splice(segments.indexOf(segment), 1);
    await unlink(segment.file).catch(ignoreMissing);
  };
  const finishSegment = async (): Promise<void> => {
    const handle = writing?.handle;
    writing = undefined;
    await handle?.close();
  };
  const dropOldest = async (): Promise<void> => {
    const segment = segments[0];
    if (!segment) return;
    for (const entry of entries.values()) {
      if (entry.segment !== segment) continue;
      dropped += entry.records;
      entries.delete(entry.batch);
    }
    await remove(segment);
  };
  const openSegment = async (): Promise<{ handle: FileHandle; segment: Segment }> => {
    const file = path.join(directory, `${String(nextNumber++).padStart(12, '0')}.flows`);
    const handle = await open(file, 'ax', 0o600);
    const segment = { file, bytes: 0, open: 0 };
    segments.push(segment);
    await flushDirectory(directory);
    return { handle, segment };
  };
  const totalBytes = (): number => segments.reduce((sum, { bytes }) => sum + bytes, 0);

  const readSegments = async (): Promise<void> => {
    for (const name of (await readdir(directory)).sort()) {
      const number = SEGMENT_NAME.exec(name)?.[1];
      if (number === undefined) continue;
      nextNumber = Math.max(nextNumber, Number(number) + 1);
      const file = path.join(directory, name);
      const segment: Segment = { file, bytes: (await stat(file)).size, open: 0 };
      segments.push(segment);
      for (const { offset, body } of decodeFrames(await readFile(file))) {
        const parsed = decodeBatch(body);
        if (!parsed) continue;
        entries.set(parsed.batch, {
          batch: parsed.batch,
          records: parsed.records.length + parsed.names.length,
          segment,
          offset,
          length: body.length,
        });
        segment.open++;
      }
      if (segment.open === 0) await remove(segment);
    }
  };
  await readSegments();

  const write = async (batch: Batch, frame: Buffer): Promise<void> => {
    writing ??= await openSegment();
    const { handle, segment } = writing;
    const offset = segment.bytes;
    try {
      await handle.appendFile(frame);
      await handle.datasync();
    } catch (error) {
      // Half a frame would hide what is appended after it.
      await handle.truncate(offset).catch(finishSegment);
      throw error;
    }
    segment.bytes += frame.length;
    segment.open++;
    entries.set(batch.batch, {
      batch: batch.batch,
      records: batch.records.length + batch.names.length,
      segment,
      offset,
      length: frame.length - FRAME_HEADER_BYTES,
    });
  };

  const append = async (batch: Batch): Promise<void> => {
    const body = Buffer.from(JSON.stringify(batch));
    if (body.length > MAX_BODY_BYTES)
      throw new EngineError('spool-full', `A batch of ${body.length} bytes is too large`);
    const frame = encodeFrame(body);
    while (segments.length > 0 && totalBytes() + frame.length > limitBytes) await dropOldest();
    if (writing && writing.segment.bytes >= segmentBytes) await finishSegment();
    for (;;) {
      try {
        return await write(batch, frame);
      } catch (cause) {
        if (!isDiskFull(cause) || entries.size === 0)
          throw new EngineError('spool-full', `The spool in ${directory} cannot be written`, { cause });
        // What is newest says most of what goes on now.
        await dropOldest();
      }
    }
  };

  return {
    append: (batch) => inOrder(() => append(batch)),
    oldest: (count, skip) =>
      inOrder(async () => {
        const wanted = [...entries.values()].filter(({ batch }) => !skip.has(batch)).slice(0, count);
        const batches = await Promise.all(wanted.map(readEntry));
        return batches.filter((batch) => batch !== undefined);
      }),
    forget: (batch) =>
      inOrder(async () => {
        const entry = entries.get(batch);
        if (!entry) return;
        entries.delete(batch);
        entry.segment.open--;
        if (entry.segment.open === 0) await remove(entry.segment);
      }),
    takeDropped() {
      const taken = dropped;
      dropped = 0;
      return taken;
    },
    get bytes() {
      return totalBytes();
    },
    get batches() {
      return entries.size;
    },
    close: () => inOrder(finishSegment),
  };
}

const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

async function readEntry({ segment, offset, length }: Entry): Promise<Batch | undefined> {
  const handle = await open(segment.file, 'r');
  try {
    const body = Buffer.alloc(length);
    await handle.read(body, 0, length, offset + FRAME_HEADER_BYTES);
    return decodeBatch(body);
  } finally {
    await handle.close();
  }
}

function decodeBatch(body: Buffer): Batch | undefined {
  try {
    return Batch.parse(JSON.parse(body.toString()));
  } catch {
    return undefined;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
