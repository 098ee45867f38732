import { LibvirtError } from '../errors.ts';

/** libvirt's CPU maps: bit `n % 8` of byte `n / 8` is CPU n. The protocol carries 2,048 bytes. */
const MAX_CPU = 2048 * 8 - 1;

export function cpuMap(cpus: readonly number[]): Uint8Array {
  const wrong = cpus.find((cpu) => !Number.isInteger(cpu) || cpu < 0 || cpu > MAX_CPU);
  if (cpus.length === 0 || wrong !== undefined)
    throw new LibvirtError('bad-argument', cpus.length === 0 ? 'an empty set of CPUs' : `${wrong} is no CPU number`);
  const map = new Uint8Array(Math.floor(Math.max(...cpus) / 8) + 1);
  for (const cpu of cpus) map[cpu >> 3]! |= 1 << (cpu & 7);
  return map;
}

export function cpuSet(map: Uint8Array): number[] {
  const cpus: number[] = [];
  map.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) cpus.push(index * 8 + bit);
  });
  return cpus;
}
