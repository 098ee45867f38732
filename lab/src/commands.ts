import { parseArgs } from 'node:util';
import { ATTACKS } from '../attacks/all.ts';
import { demoCloud } from './demo.ts';
import { labDown } from './down.ts';
import { LabError } from './errors.ts';
import { type Lab, locateLab } from './lab.ts';
import { liveProtections } from './protections.ts';
import { labStatus } from './status.ts';
import type { OnStep } from './steps.ts';
import { labUp } from './up.ts';
import { isWell, type VerifyRow, verify } from './verify.ts';
import type { VmSpec } from './vm/spec.ts';
import { createVm, destroyVm, guestExec, migrateVm } from './vm/vm.ts';

/** What a command may use. `print` shows an object to machines (--json) and lines to people. */
interface Context {
  readonly lab: Lab;
  readonly words: readonly string[];
  readonly option: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  readonly json: boolean;
  readonly print: (value: unknown, lines: readonly string[]) => void;
}

interface Command {
  readonly usage: string;
  readonly run: (context: Context) => Promise<number>;
}

const OPTIONS = {
  id: { type: 'string' },
  json: { type: 'boolean' },
  empty: { type: 'boolean' },
  hosts: { type: 'string' },
  host: { type: 'string' },
  tenant: { type: 'string' },
  tags: { type: 'string' },
  network: { type: 'string' },
  vlan: { type: 'string' },
  ipv4: { type: 'string' },
  ipv6: { type: 'string' },
  memory: { type: 'string' },
  guest: { type: 'string' },
  timeout: { type: 'string' },
} as const;

const COMMANDS: Readonly<Record<string, Command>> = {
  up: { usage: 'up [--empty] [--hosts h1,h2]', run: up },
  down: { usage: 'down', run: down },
  status: { usage: 'status', run: status },
  'vm create': {
    usage:
      'vm create NAME --host HOST --tenant TENANT --ipv4 A/L --ipv6 A/L [--tags k=v,…] [--network N] [--vlan N] [--memory MiB] [--guest probe|debian]',
    run: vmCreate,
  },
  'vm list': { usage: 'vm list', run: vmList },
  'vm migrate': { usage: 'vm migrate NAME HOST', run: vmMigrate },
  'vm exec': { usage: 'vm exec NAME [--timeout S] -- PROGRAM [ARGUMENT…]', run: vmExec },
  'vm destroy': { usage: 'vm destroy NAME', run: vmDestroy },
  'attack list': { usage: 'attack list', run: attackList },
  'attack run': { usage: 'attack run [ID…]', run: attackRun },
};

/** Runs one `hv lab …` command; hands back its exit code: 0 done, 1 failed, 2 not understood. */
export async function labCommand(argv: readonly string[]): Promise<number> {
  const json = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined).includes('--json');
  try {
    return await dispatch(argv);
  } catch (error) {
    const code = error instanceof LabError ? error.code : 'LAB_BUG';
    const message = error instanceof LabError ? error.message : String((error as Error).stack ?? error);
    if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    else process.stderr.write(`${message}\n`);
    return code === 'LAB_USAGE' ? 2 : 1;
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  const name = [positionals.slice(0, 2).join(' '), positionals[0] ?? ''].find((n) => n in COMMANDS);
  if (name === undefined) {
    const usage = Object.values(COMMANDS).map((c) => `  hv lab ${c.usage}`);
    throw new LabError('LAB_USAGE', ['Commands (each takes --id ID and --json):', ...usage].join('\n'));
  }
  const json = values.json === true;
  const option = (key: string) => {
    const value = values[key as keyof typeof values];
    return typeof value === 'string' ? value : undefined;
  };
  return COMMANDS[name]!.run({
    lab: locateLab(values.id === undefined ? {} : { id: values.id }),
    words: positionals.slice(name.split(' ').length),
    option,
    flag: (key) => values[key as keyof typeof values] === true,
    json,
    print: (value, lines) =>
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : lines.map((l) => `${l}\n`).join('')),
  });
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new LabError('LAB_USAGE', (cause as Error).message, cause);
  }
}

function need(value: string | undefined, what: string): string {
  if (value === undefined) throw new LabError('LAB_USAGE', `${what} is missing`);
  return value;
}

function progress(json: boolean): OnStep {
  return (step) => {
    if (json) process.stdout.write(`${JSON.stringify({ step })}\n`);
    else if (step.state !== 'start')
      process.stderr.write(`${step.state === 'done' ? '✓' : '✗'} ${step.name} (${step.elapsedMs} ms)\n`);
  };
}

async function up({ lab, option, flag, json, print }: Context): Promise<number> {
  const hosts = option('hosts')?.split(',');
  const vms = flag('empty') ? [] : demoCloud();
  await labUp({ id: lab.id, vms, ...(hosts && { hosts }), onStep: progress(json) });
  print({ up: true, id: lab.id, dir: lab.dir }, [`Lab ${lab.id} is up in ${lab.dir}`]);
  return 0;
}

async function down({ lab, json, print }: Context): Promise<number> {
  const result = await labDown({ id: lab.id, onStep: progress(json) });
  print(result, [result.removed ? `Lab ${lab.id} is gone` : `There was no lab ${lab.id}`]);
  return 0;
}

async function status({ lab, print }: Context): Promise<number> {
  const s = await labStatus({ id: lab.id });
  print(s, [
    s.up ? `Lab ${s.id} is up in ${s.dir}` : `Lab ${s.id} is not up`,
    ...s.hosts.map((h) => `host ${h.name}  ${h.managementAddress}  ${h.up ? 'up' : 'not up'}`),
    ...s.processes.map((p) => `process ${p.name}  ${p.running ? p.pid : 'ended'}  ${p.logFile}`),
    ...s.vms.map((v) => `vm ${v.name}  ${v.host}  ${v.tenant}  ${v.state}`),
  ]);
  return s.up ? 0 : 1;
}

function parseTags(text: string): Record<string, string> {
  const pairs = text
    .split(',')
    .filter(Boolean)
    .map((pair) => pair.split('='));
  return Object.fromEntries(pairs.map(([key, value]) => [key, need(value, `The value of tag ${key}`)]));
}

async function vmCreate({ lab, words, option, print }: Context): Promise<number> {
  const [network, vlan, memory, guest] = ['network', 'vlan', 'memory', 'guest'].map(option);
  const vm = await createVm(lab, {
    name: need(words[0], 'NAME'),
    host: need(option('host'), '--host'),
    tenant: need(option('tenant'), '--tenant'),
    ipv4: need(option('ipv4'), '--ipv4'),
    ipv6: need(option('ipv6'), '--ipv6'),
    tags: parseTags(option('tags') ?? ''),
    ...(network && { network }),
    ...(vlan && { vlan: Number(vlan) }),
    ...(guest && { guest: guest as VmSpec['guest'] }),
    ...(memory && { memoryMiB: Number(memory) }),
  });
  print(vm, [`VM ${vm.name} runs on ${vm.host}`]);
  return 0;
}

async function vmList({ lab, print }: Context): Promise<number> {
  const { vms } = await labStatus({ id: lab.id });
  print(
    vms,
    vms.map((v) => `${v.name}  ${v.host}  ${v.tenant}  ${v.state}  ${v.mac}  ${v.ipv4}  ${v.ipv6}`),
  );
  return 0;
}

async function vmMigrate({ lab, words, print }: Context): Promise<number> {
  const [name, host] = [need(words[0], 'NAME'), need(words[1], 'HOST')];
  const { elapsedMs } = await migrateVm(lab, name, host);
  print({ name, host, elapsedMs }, [`VM ${name} is on ${host} after ${elapsedMs} ms`]);
  return 0;
}

async function vmExec({ lab, words: [name, ...argv], option, json, print }: Context): Promise<number> {
  if (argv.length === 0) throw new LabError('LAB_USAGE', 'What to run in the guest is missing');
  const result = await guestExec(lab, need(name, 'NAME'), argv, { timeoutS: Number(option('timeout') ?? 30) });
  if (json) print(result, []);
  else {
    process.stdout.write(result.stdout);
    process.stderr.write(result.stderr);
  }
  return json ? 0 : result.code;
}

async function vmDestroy({ lab, words, print }: Context): Promise<number> {
  const name = need(words[0], 'NAME');
  await destroyVm(lab, name);
  print({ name, destroyed: true }, [`VM ${name} is gone`]);
  return 0;
}

async function attackList({ print }: Context): Promise<number> {
  const rows = ATTACKS.map(({ id, title, protects }) => ({ id, title, protects }));
  print(
    rows,
    rows.map((a) => `${a.id.padEnd(20)} ${a.title} (${a.protects})`),
  );
  return 0;
}

/** One line of the table: what happened without and with the protection. */
export function rowText(row: VerifyRow): string {
  if (row.pass === null) return `– ${row.id.padEnd(20)} not run: ${row.off.evidence}`;
  const on = row.on ? `on: ${row.on.outcome}` : 'on: nothing to switch on';
  const evidence = [row.off.evidence, row.on?.evidence].filter((e) => e !== undefined);
  return `${row.pass ? '✓' : '✗'} ${row.id.padEnd(20)} off: ${row.off.outcome}  ${on}  (${evidence.join(' / ')})`;
}

async function attackRun({ lab, words, json, print }: Context): Promise<number> {
  const onRow = (row: VerifyRow) => {
    if (!json) process.stdout.write(`${rowText(row)}\n`);
  };
  const only = words.length > 0 ? { only: words } : {};
  const rows = await verify({ lab, protections: await liveProtections(lab), onRow, ...only });
  if (json) print(rows, []);
  return isWell(rows) ? 0 : 1;
}
