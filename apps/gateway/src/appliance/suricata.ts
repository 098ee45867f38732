import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { GatewayState } from '@hypervigil/contract';
import { type Eve, parseEve } from './eve.ts';
import { onLines } from './lines.ts';
import { runProgram } from './programs.ts';

const PROGRAM = '/bin/suricata';
const FOLDER = '/run/suricata';
/** Named in suricata.yaml, too. */
const EVENTS = `${FOLDER}/eve.sock`;
const PACKETS = `${FOLDER}/packets`;
const PAUSE_MS = 1000;
const MAX_LINE = 64 * 1024;
/** `detector` in the appliance's passwd. */
const USER = 65534;
/** More is told to nobody: who has to read it would not, and whoever sends such packets could drown what matters. */
const MAX_EVENTS_A_SECOND = 100;

type Status = GatewayState['signatures'];

export interface Suricata {
  readonly status: () => Status;
  /** Events that were passed over because there were too many. */
  readonly lost: () => number;
  /** Starts it, if the image has it and it does not run. */
  on(): void;
}

/**
 * Keeps Suricata running once it was wanted. As with the detector, tcpdump takes what a mirror sends, and who reads it has no
 * rights: Suricata takes packets from a pipe that has a name, for it opens files only, and tells what it saw to a socket.
 */
export function createSuricata(onEvent: (event: Eve) => void): Suricata {
  if (!existsSync(PROGRAM)) return { status: () => 'absent', lost: () => 0, on() {} };
  let status: Status = 'off';
  let [lost, second, told] = [0, 0, 0];

  function hear(line: string): void {
    const event = parseEve(line);
    if (!event) return;
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, told] = [now, 0];
    told++;
    if (told > MAX_EVENTS_A_SECOND) lost++;
    else onEvent(event);
  }

  function start(packets: number): void {
    status = 'failed';
    const children: readonly ChildProcess[] = [
      spawn('tcpdump', ['-i', 'mirror', '-U', '-w', '-', '-s', '0'], { stdio: ['ignore', packets, 'ignore'] }),
      spawn(
        PROGRAM,
        ['-c', '/app/suricata.yaml', '-S', '/app/suricata.rules', '-r', PACKETS, '-l', FOLDER, '--runmode', 'single'],
        { stdio: ['ignore', 'inherit', 'inherit'], uid: USER, gid: USER, cwd: FOLDER, env: { HOME: FOLDER } },
      ),
    ];
    let ended = false;
    const again = (why: Error | number | null, signal?: NodeJS.Signals) => {
      if (ended) return;
      console.error(`gateway: Suricata, or what reads packets for it, ended: ${signal ?? why}`);
      ended = true;
      status = 'failed';
      for (const child of children) child.kill('SIGKILL');
      setTimeout(() => void begin(), PAUSE_MS);
    };
    for (const child of children) child.on('error', again).on('exit', again);
  }

  async function begin(): Promise<void> {
    rmSync(PACKETS, { force: true });
    await runProgram('busybox', ['mkfifo', '-m', '600', PACKETS]);
    chownSync(PACKETS, USER, USER);
    // For both ends: nobody waits for the other one then.
    const packets = openSync(PACKETS, 'r+');
    start(packets);
    closeSync(packets);
  }

  return {
    status: () => status,
    lost: () => lost,
    on() {
      if (status !== 'off') return;
      status = 'failed';
      mkdirSync(FOLDER, { mode: 0o700 });
      // It comes as soon as its rules are read.
      const server = createServer((events) => {
        status = 'running';
        events.on('error', () => {});
        onLines(events, MAX_LINE, hear);
      });
      server.listen(EVENTS, () => {
        for (const path of [FOLDER, EVENTS]) chownSync(path, USER, USER);
        void begin();
      });
    },
  };
}
