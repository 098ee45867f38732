import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './errors.ts';
import type { ProbeImage } from './image/image.ts';
import { withLock } from './lock.ts';
import type { ProcessIdentity } from './process.ts';
import type { VmSpec } from './vm/spec.ts';

/** Something outside the state directory. Written down before it is made, so that `down` knows it after any crash. */
export type Created =
  | { readonly kind: 'netns'; readonly name: string }
  | { readonly kind: 'link'; readonly name: string };

export interface ProcessRecord {
  readonly name: string;
  /** `root`, or the host in whose namespaces it runs. */
  readonly where: string;
  readonly argv: readonly string[];
  readonly logFile: string;
  /** Absent between the moment before the start and the moment after it. */
  readonly identity?: ProcessIdentity;
}

export interface VmRecord {
  readonly host: string;
  readonly spec: VmSpec;
}

export interface LabImage extends ProbeImage {
  /** libvirt's domain type. */
  readonly type: 'kvm' | 'qemu';
}

export interface LabState {
  readonly format: 1;
  readonly id: string;
  /** Every process of the lab carries HV_LAB=uuid in its environment. */
  readonly uuid: string;
  /** Third byte of the management network 10.254.N.0/24. */
  readonly subnet: number;
  readonly hosts: readonly string[];
  /** What probe guests boot, and with what; chosen once, so that all guests of a lab are alike. Absent before that. */
  readonly image?: LabImage;
  readonly created: readonly Created[];
  readonly processes: Readonly<Record<string, ProcessRecord>>;
  readonly vms: Readonly<Record<string, VmRecord>>;
}

export function newState(id: string, uuid: string, subnet: number, hosts: readonly string[]): LabState {
  return { format: 1, id, uuid, subnet, hosts, created: [], processes: {}, vms: {} };
}

export function parseState(text: string): LabState {
  let value: Partial<LabState>;
  try {
    value = JSON.parse(text) as Partial<LabState>;
  } catch (cause) {
    throw new LabError('LAB_STATE', 'The state file is not JSON', cause);
  }
  if (value?.format !== 1 || !value.uuid || !value.id || !value.hosts || !value.created || !value.processes) {
    throw new LabError('LAB_STATE', `The state file has format ${value?.format}; this version reads format 1`);
  }
  return value as LabState;
}

const fileOf = (dir: string) => join(dir, 'state.json');

/** undefined when there is no lab in this directory. */
export function readState(dir: string): LabState | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(dir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new LabError('LAB_STATE', `Cannot read ${fileOf(dir)}`, error);
  }
  return parseState(text);
}

/** Renamed into place: a crash leaves the old file or the new one, never half of one. */
export function writeState(dir: string, state: LabState): void {
  const temporary = `${fileOf(dir)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(state, null, 1)}\n`, { mode: 0o600, flush: true });
  renameSync(temporary, fileOf(dir));
}

/** Changes the state under a lock: several commands may work on one lab at once. */
export function updateState(dir: string, change: (state: LabState) => LabState): Promise<LabState> {
  return withLock(join(dir, 'state.lock'), 10_000, () => {
    const state = readState(dir);
    if (!state) throw new LabError('LAB_NOT_UP', `No lab in ${dir}`);
    const next = change(state);
    if (next !== state) writeState(dir, next);
    return next;
  });
}

export function recordCreated(dir: string, thing: Created): Promise<LabState> {
  return updateState(dir, (state) =>
    state.created.some((c) => c.kind === thing.kind && c.name === thing.name)
      ? state
      : { ...state, created: [...state.created, thing] },
  );
}
