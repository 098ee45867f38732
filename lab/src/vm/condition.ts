import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { virsh } from '../host/libvirt.ts';
import { hostPaths, type Lab } from '../lab.ts';

const QUESTIONS = ['info status', 'info registers', 'info migrate'];
const LINES = 20;

/** What can be seen from outside of a guest that does not answer: for people who must find out why. */
export async function conditionOf(lab: Lab, host: string, name: string): Promise<string> {
  const ask = (...argv: string[]) =>
    virsh(lab, host, argv).then(
      (said) => said.trim(),
      (error: Error) => error.message,
    );
  const monitor = (question: string) => ask('qemu-monitor-command', '--hmp', name, question);
  const said = [`${host}: ${await ask('domstate', '--reason', name)}`];
  // Twice: a guest that stands still stands at the same place.
  for (const question of [...QUESTIONS, 'info registers']) said.push(`${question}\n${await monitor(question)}`);
  const logs = join(hostPaths(lab, host).logs, 'libvirt/qemu');
  for (const file of [`${name}.console.log`, `${name}.log`]) said.push(`${file}\n${lastLines(join(logs, file))}`);
  return said.join('\n');
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LINES).join('\n');
  } catch (error) {
    return (error as Error).message;
  }
}
