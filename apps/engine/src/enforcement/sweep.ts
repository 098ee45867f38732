import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConntrackEntry, FlushFilter, OvsSwitch } from '@hypervigil/ovs';
import { type Judge, protocolNumber } from './judge.ts';

/** Connections judged before others get a turn. */
const SLICE = 50;

/** Open vSwitch cannot end these one by one (`Conntrack.flush`); they are forgotten after half a minute without a packet. */
const LEFT = 'icmpv6';

/**
 * Ends connections that are not allowed, each by its zone and whole tuple: addresses alone may have moved to
 * somebody else. The flows judge every packet, so nothing passes meanwhile; this cuts what only conntrack would still
 * call related, and frees what is dead.
 * @param isCurrent the sweep gives up when a newer intent is enforced: the next one sees more
 * @returns how many were ended
 */
export async function sweepConnections(
  { dump, flush }: Pick<OvsSwitch['conntrack'], 'dump' | 'flush'>,
  isAllowed: Judge,
  isCurrent: () => boolean,
): Promise<number> {
  let ended = 0;
  for (const [n, entry] of (await dump()).entries()) {
    if (n % SLICE === SLICE - 1) await nextTurn();
    if (!isCurrent()) return ended;
    if (entry.protocol === LEFT || isAllowed(entry) !== false) continue;
    await flush(filterOf(entry));
    ended++;
  }
  return ended;
}

function filterOf({ protocol, orig, zone }: ConntrackEntry): FlushFilter {
  const { src, dst, ...rest } = orig;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { zone, src, dst, protocol: protocolNumber(protocol), ...given };
}
