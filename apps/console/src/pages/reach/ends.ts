import type { PolicyReach } from '@hypervigil/contract';

type Ends = PolicyReach['from'];

/** Who is at one side, as far as the answer names them. */
export const endsOf = ({ vms, cidrs }: Ends): readonly string[] => [...vms.map(({ name }) => name), ...cidrs];

/** As many as a cell has room for, and how many more there are. */
const SHOWN = 2;
export function brief(names: readonly string[], { vmCount, cidrCount }: Ends): string {
  const more = vmCount + cidrCount - Math.min(SHOWN, names.length);
  return [names.slice(0, SHOWN).join(', '), ...(more > 0 ? [`+${more}`] : [])].join(' ');
}
