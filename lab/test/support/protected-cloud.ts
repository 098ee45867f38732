import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type CloudOptions, readOptions } from '../../src/cloud/options.ts';
import type { Progress } from '../../src/cloud/progress.ts';
import { cloudUp, httpsPortOf, type UpResult } from '../../src/cloud/up.ts';
import { guestExec, type Lab, locateLab } from '../../src/index.ts';
import { scratchLab } from './scratch-lab.ts';

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** A pair of ports that nobody has: the HTTPS port follows the HTTP port. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 10_000); port < 60_000; port += 7) {
    if ((await canListen(port)) && (await canListen(httpsPortOf(port)))) return port;
  }
  throw new Error('no two free ports');
}

export interface ScratchCloud {
  readonly where: { readonly id: string; readonly stateDir: string };
  readonly options: CloudOptions;
  /** Brings the cloud up, or what of it is missing. */
  up(): Promise<UpResult>;
}

const QUIET: Progress = { onStep: () => {}, close: () => {} };

/** What `hv up` brings up, for one test file: with its own id, ports and state. */
export async function scratchCloud(letter: string): Promise<ScratchCloud> {
  const where = scratchLab(letter);
  // The database's account has to pass through.
  chmodSync(where.stateDir, 0o755);
  process.env['HV_STATE_DIR'] = where.stateDir;
  // What others build meanwhile is not for its hosts.
  process.env['HV_GATEWAY_DIR'] = join(locateLab(where).dir, 'gateway');
  const options = readOptions(['--id', where.id, '--port', String(await freePort())]);
  return {
    where,
    options,
    up: () => cloudUp(options, QUIET),
  };
}

/** How many answers, failures and connections a guest has had with its calls of one kind. */
export async function traffic(
  lab: Lab,
  vm: string,
  call: string,
): Promise<{ ok: number; fail: number; connect: number }> {
  const { stdout } = await guestExec(lab, vm, ['sh', '-c', 'cat /run/traffic/*']);
  const line = stdout.split('\n').find((l) => l.includes(` call ${call} `)) ?? '';
  const [, ok = 0, fail = 0, connect = 0] = /^ok (\d+) fail (\d+) connect (\d+)/.exec(line)?.map(Number) ?? [];
  return { ok, fail, connect };
}
