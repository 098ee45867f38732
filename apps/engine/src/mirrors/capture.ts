import { spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { CaptureBounds, CaptureReport } from '@hypervigil/model';
import { createPcapReader } from '@hypervigil/pcap';
import { describeError } from '../errors.ts';

export type CaptureFigures = Omit<CaptureReport, 'id'>;

/** One host's part of a capture, until a bound is met or it is ended. */
export interface RunningCapture {
  figures(): CaptureFigures;
  end(): void;
  /** Resolves when the file is whole. */
  readonly ended: Promise<CaptureFigures>;
}

interface CaptureOptions {
  readonly device: string;
  readonly file: string;
  readonly bounds: CaptureBounds;
}

/** A switch that began anew makes the device anew: so long is waited before it is tried again. */
const AGAIN_MS = 500;
const MAX_COMPLAINT = 500;
const DROPPED = /^(\d{1,15}) packets? dropped by kernel$/m;

/**
 * Writes what comes by a device into a new capture file. Of packets beyond the rate only their number is kept. When tcpdump
 * ends before its time (its device went) it is started again, and the file goes on.
 */
export async function startCapture({ device, file, bounds }: CaptureOptions): Promise<RunningCapture> {
  const out = await open(file, 'w', 0o600);
  const written = createCaptureFile(out, bounds);
  const { promise: over, resolve: finish } = Promise.withResolvers<void>();
  let isOver = false;
  let complaint = '';
  const end = (): void => {
    isOver = true;
    finish();
  };
  const timer = setTimeout(end, bounds.seconds * 1000);

  /** Resolves when tcpdump has ended. */
  const attend = async (): Promise<void> => {
    const args = ['-i', device, '-Q', 'in', '-p', '-n', '-U', '-w', '-', '-s', `${bounds.snapLength}`];
    const child = spawn('tcpdump', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    });
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-MAX_COMPLAINT);
    });
    child.on('error', (error) => {
      said = error.message;
      close();
    });
    child.on('close', () => close());
    const read = createPcapReader({
      onHeader: (_, raw) => written.header(raw),
      onRecord: ({ atMs, raw }) => {
        if (!isOver && !written.record(atMs, raw)) end();
      },
    });
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (error) {
        said = describeError(error);
        child.kill('SIGKILL');
      }
    });
    void over.then(() => child.kill('SIGTERM'));
    await closed;
    written.leftOut(Number(DROPPED.exec(said)?.[1] ?? 0));
    complaint = said.trim().split('\n').at(-1) ?? '';
  };

  const run = async (): Promise<CaptureFigures> => {
    while (!isOver) {
      await attend();
      if (!isOver) await Promise.race([over, pause(AGAIN_MS)]);
    }
    clearTimeout(timer);
    try {
      return { ...(await written.close()), state: 'done', reason: null };
    } catch (error) {
      return { ...written.figures(), state: 'failed', reason: describeError(error).slice(0, 500) };
    }
  };
  const ended = run().then((figures) =>
    // tcpdump writes its header as soon as it has the device.
    figures.bytes > 0 || figures.state === 'failed'
      ? figures
      : { ...figures, state: 'failed' as const, reason: `tcpdump did not begin: ${complaint}` },
  );
  return { figures: written.figures, end, ended };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** The file, and what bounds it. */
function createCaptureFile(out: FileHandle, { maxMiB, packetsPerSecond }: CaptureBounds) {
  const hash: Hash = createHash('sha256');
  const figures = { packets: 0, leftOut: 0, bytes: 0, sha256: null as string | null };
  let second = Number.NaN;
  let inSecond = 0;
  let writing: Promise<unknown> = Promise.resolve();
  let failure: unknown;

  const write = (raw: Buffer): void => {
    const copy = Buffer.from(raw);
    hash.update(copy);
    figures.bytes += copy.length;
    writing = writing
      .then(() => out.write(copy))
      .catch((error: unknown) => {
        failure ??= error;
      });
  };

  return {
    header(raw: Buffer): void {
      if (figures.bytes === 0) write(raw);
    },
    /** False when the file is full, or cannot be written: this record is not in it. */
    record(atMs: number, raw: Buffer): boolean {
      const now = Math.floor(atMs / 1000);
      if (now !== second) [second, inSecond] = [now, 0];
      if (inSecond >= packetsPerSecond) {
        figures.leftOut++;
        return true;
      }
      if (failure !== undefined || figures.bytes + raw.length > maxMiB * 2 ** 20) return false;
      inSecond++;
      figures.packets++;
      write(raw);
      return true;
    },
    leftOut(count: number): void {
      figures.leftOut += count;
    },
    figures: (): CaptureFigures => ({ ...figures, state: 'running', reason: null }),
    /** Rejects when something could not be written. */
    async close(): Promise<typeof figures> {
      try {
        await writing;
        if (failure !== undefined) throw failure;
        await out.sync();
      } finally {
        await out.close();
      }
      figures.sha256 = hash.digest('hex');
      return { ...figures };
    },
  };
}
