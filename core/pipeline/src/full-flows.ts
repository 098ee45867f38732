import { actions, ask } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import { masked } from './match.ts';
import { refuse } from './refuse.ts';
import { COMMIT, REG, VERDICT } from './registers.ts';
import { TABLES } from './tables.ts';
import type { LocalPort } from './vnic-flows.ts';

/** Which flows count what full vNICs are refused: a table, and cookies with the bits of the mask. */
export const FULL_FLOWS = {
  table: TABLES.verdict,
  cookie: cookie('full'),
  cookieMask: 0xffff_ffff_0000_0000n,
} as const;

/** A vNIC that has as many connections as it may: no other begins, whoever asks; those that it has go on. */
export function fullFlows(num: number, ports: readonly LocalPort[]): FlowSpec[] {
  const begins = {
    ct_label: masked(0, 0xffff_ffff),
    [REG.verdict]: VERDICT.allow,
    [REG.commit]: COMMIT.begin,
  };
  const does = actions(ask('pendingSample'), refuse('limit'));
  const owner = cookie('full', num);
  return [
    flow('verdict', 40, { ...begins, [REG.vnic]: num }, does, owner),
    ...ports.map(({ ofport }) => flow('verdict', 41, { ...begins, [REG.port]: ofport }, does, owner)),
  ];
}
