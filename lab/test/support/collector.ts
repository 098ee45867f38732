import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Lab, labState } from '../../src/index.ts';
import { runOk } from '../../src/run.ts';
import { recordCreated } from '../../src/state.ts';

const FRAMES = join(import.meta.dirname, '../../guest/frames.pl');

/** Whoever collects copies: a machine on the management network, no host and no guest of the cloud. */
export interface Collector {
  readonly address: string;
  /** What has come out of its end of the tunnel so far, as tcpdump prints it. */
  heard(): string;
  /** Sends a frame the other way through the tunnel, to the host of this address. */
  send(host: string, frame: Buffer): Promise<void>;
  stop(): Promise<void>;
}

/** @param key of the tunnel: what comes with another one is not for this collector */
export async function startCollector(lab: Lab, key: number): Promise<Collector> {
  const netns = `${lab.id}-coll`;
  const address = `10.254.${labState(lab).subnet}.99`;
  const inside = (...argv: string[]) => runOk(['ip', '-n', netns, ...argv]);
  await recordCreated(lab.dir, { kind: 'netns', name: netns });
  await runOk(['ip', 'netns', 'add', netns]);
  const wire = ['link', 'add', 'coll', 'type', 'veth', 'peer', 'name', 'mgmt0', 'netns', netns];
  await runOk(['ip', '-n', lab.names.netNamespace, ...wire]);
  await runOk(['ip', '-n', lab.names.netNamespace, 'link', 'set', 'coll', 'master', 'hvmgmt', 'up']);
  await inside('address', 'add', `${address}/24`, 'dev', 'mgmt0');
  await inside('link', 'set', 'mgmt0', 'up');
  await inside('link', 'add', 'copies', 'type', 'vxlan', 'id', String(key), 'dstport', '4789', 'dev', 'mgmt0');
  await inside('link', 'set', 'copies', 'up');
  const dump: ChildProcess = spawn(
    'ip',
    ['netns', 'exec', netns, 'tcpdump', '-i', 'copies', '-Q', 'in', '-n', '-e', '-l', '-A'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  dump.stdout?.setEncoding('latin1').on('data', (text: string) => {
    said += text;
  });
  const listens = Promise.withResolvers<void>();
  dump.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('listening on')) listens.resolve();
  });
  dump.once('exit', (code) => listens.reject(new Error(`tcpdump ended with ${code}`)));
  await listens.promise;
  return {
    address,
    heard: () => said,
    async send(host, frame) {
      const forward = ['fdb', 'append', '00:00:00:00:00:00', 'dev', 'copies', 'dst', host];
      await runOk(['ip', 'netns', 'exec', netns, 'bridge', ...forward]);
      const send = ['perl', FRAMES, 'send', 'copies', '3', '0.1'];
      await runOk(['ip', 'netns', 'exec', netns, ...send], { input: `${frame.toString('hex')}\n` });
    },
    async stop() {
      dump.kill('SIGTERM');
      if (dump.exitCode === null && dump.signalCode === null) await once(dump, 'exit');
      await runOk(['ip', 'netns', 'delete', netns]);
    },
  };
}
