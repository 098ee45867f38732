import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { SAMPLE_GROUP } from '@hypervigil/gateway-rules';
import { DetectorReport } from './detector-report.ts';
import { onLines } from './lines.ts';

const PAUSE_MS = 1000;
const PATIENCE_MS = 30_000;
const MAX_LINE = 16 * 1024;
/** `detector` in the appliance's passwd: nobody else's, with no rights at all. */
const USER = 65534;

export interface Detector {
  readonly status: () => 'off' | 'running' | 'failed';
  /**
   * Starts it, if it does not run: it takes memory that a gateway without it does not need. Resolves when it sees packets, or after
   * a while: traffic does not wait for a detector that cannot start.
   */
  on(): Promise<void>;
}

/** Where tcpdump takes packets from: those that the firewall copies, or those that a mirror of the host sends. */
const DETECTOR_SOURCES = { firewall: `nflog:${SAMPLE_GROUP}`, mirror: 'mirror' } as const;

/**
 * Keeps the detector running once it was wanted: tcpdump takes the copied packets from the kernel and gives up its rights, and the detector,
 * which never had any, reads them from a pipe. When either ends both begin anew; traffic passes without them.
 */
export function createDetector(
  from: keyof typeof DETECTOR_SOURCES,
  onReport: (report: DetectorReport) => void,
): Detector {
  let status: 'off' | 'running' | 'failed' = 'off';
  const running = Promise.withResolvers<void>();

  function start(): void {
    status = 'failed';
    const source = spawn('tcpdump', ['-i', DETECTOR_SOURCES[from], '-U', '-w', '-', '-s', '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const detector = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--max-old-space-size=64', '/app/detector.mjs'],
      { stdio: [source.stdout, 'pipe', 'inherit'], uid: USER, gid: USER, env: { HOME: '/' } },
    );
    // Its own end of the pipe is enough: ours would keep it open.
    source.stdout.destroy();
    let ended = false;
    const again = () => {
      if (ended) return;
      ended = true;
      status = 'failed';
      source.kill('SIGKILL');
      detector.kill('SIGKILL');
      setTimeout(start, PAUSE_MS);
    };
    for (const child of [source, detector]) child.on('error', again).on('exit', again);
    if (detector.stdout === null) return;
    onLines(detector.stdout, MAX_LINE, (line) => {
      const report = parse(line);
      if (report?.type === 'running') {
        status = 'running';
        running.resolve();
      } else if (report) onReport(report);
    });
  }

  return {
    status: () => status,
    async on() {
      if (status === 'off') start();
      await Promise.race([running.promise, delay(PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}

function parse(line: string): DetectorReport | undefined {
  try {
    return DetectorReport.parse(JSON.parse(line));
  } catch {
    // Whatever took it over may say what it likes.
    return undefined;
  }
}
