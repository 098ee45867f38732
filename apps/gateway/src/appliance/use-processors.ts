import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What the kernel tells of processors and takes about them; a folder of files elsewhere in tests. */
interface Sysfs {
  readonly devices: string;
  readonly net: string;
}
const SYSFS: Sysfs = { devices: '/sys/devices/system/cpu', net: '/sys/class/net' };

/**
 * Has the kernel use every processor that the host has plugged, and share the work of the data vNICs' packets among them:
 * it does neither by itself. To be called now and then.
 * @returns how many it uses
 */
export function useProcessors({ devices, net }: Sysfs = SYSFS): number {
  // The first one cannot be switched off, and has no such file.
  for (const name of readdirSync(devices).filter((one) => /^cpu\d+$/.test(one))) {
    const file = `${devices}/${name}/online`;
    if (read(file) === '0') write(file, '1');
  }
  const online = parseRanges(read(`${devices}/online`) ?? '0');
  // With one there is nothing to share.
  const sharing = online.length > 1 ? online : [];
  const mask = sharing.reduce((bits, cpu) => bits | (1n << BigInt(cpu)), 0n);
  // A vNIC has one queue; packets of one connection stay in order (Documentation/networking/scaling.rst, RPS).
  for (const role of ['left', 'right']) {
    const file = `${net}/${role}/queues/rx-0/rps_cpus`;
    const now = read(file);
    if (now !== undefined && BigInt(`0x${now.replaceAll(',', '')}`) !== mask) write(file, grouped(mask.toString(16)));
  }
  return online.length;
}

/** `0-2,4` as the kernel writes sets of processors. */
export const parseRanges = (text: string): readonly number[] =>
  text.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, n) => from + n);
  });

/** Words of 32 bits, as the kernel reads masks. */
const grouped = (hex: string): string => hex.replace(/(?!^)(?=(?:.{8})+$)/g, ',');

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // Gone with its processor.
    return undefined;
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    console.error(`gateway: ${file}: ${(error as Error).message}`);
  }
}
