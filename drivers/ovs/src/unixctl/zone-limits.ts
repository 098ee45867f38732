import { OvsError } from '../errors.ts';

/** How many connections a zone may have, and how many of them conntrack counts: those that began since it was told. */
export interface ZoneLimit {
  readonly zone: number;
  readonly limit: number;
  readonly count: number;
}

/** A zone is 16 bits, and each has one line. */
const MAX_LINES = 65_536 + 1;

/**
 * Reads `dpctl/ct-get-limits`: a line of the default, and `zone=7,limit=100,count=3` for each zone that has one of its own (OVS
 * lib/ct-dpif.c, ct_dpif_format_zone_limits). Throws `bad-output` at a line that is neither.
 */
export function parseZoneLimits(text: string): ZoneLimit[] {
  const lines = text.split('\n', MAX_LINES + 1).filter((line) => line.trim() !== '');
  if (lines.length > MAX_LINES) throw new OvsError('bad-output', `There are at most ${MAX_LINES} limits of zones.`);
  return lines
    .filter((line) => !line.startsWith('default '))
    .map((line) => {
      const found = /^zone=(\d{1,5}),limit=(\d{1,10}),count=(\d{1,10})$/.exec(line.trim());
      if (!found) throw new OvsError('bad-output', `This is no limit of a zone: ${line.slice(0, 200)}`);
      const [zone = 0, limit = 0, count = 0] = found.slice(1).map(Number);
      return { zone, limit, count };
    });
}

/** The arguments of `dpctl/ct-set-limits`. Never a `default`: that would be of zones that are others', too. */
export const formatZoneLimits = (limits: ReadonlyMap<number, number>): string[] =>
  [...limits].map(([zone, limit]) => `zone=${zone},limit=${limit}`);
