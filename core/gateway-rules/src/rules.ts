import type { Blocked, HostIntent, IntentBlocks, Recognised } from '@hypervigil/model';
import { createJudge, type Judge, PROTOCOL } from '@hypervigil/policy';
import { blockedBy } from './blocks.ts';

/** Between whom, as a connection was opened. For ICMP the type and the code stand in `dstPort`. */
interface Opened {
  readonly net: number;
  readonly protocol: number;
  readonly srcIp: string;
  readonly dstIp: string;
  readonly dstPort: number;
}

/** By which rule a connection is ended, and for what. */
export interface End {
  readonly rule: number;
  readonly blocked: Blocked;
}

/** What rules have against connections that they let through. */
export interface Rules {
  /**
   * @param by the rule that let it through; undefined when that is to be found out, which takes long: the first time a look at
   *   all of them
   * @returns null for a connection that goes on
   */
  endOf(opened: Opened, recognised: Recognised, by: number | undefined): End | null;
}

export function rulesOf(intent: HostIntent): Rules {
  const blocks = new Map<number, IntentBlocks>();
  for (const { num, inspect } of intent.rules) if (inspect?.blocks) blocks.set(num, inspect.blocks);
  let judge: Judge | undefined;

  function decides({ net: network, protocol, srcIp: src, dstIp: dst, dstPort: port }: Opened): number {
    judge ??= createJudge(intent);
    return judge({ network, src, dst, protocol, port }).ruleNum;
  }

  return {
    endOf(opened, recognised, by) {
      if (blocks.size === 0 || !canBeCut(opened)) return null;
      const rule = by ?? decides(opened);
      const what = blocks.get(rule);
      const blocked =
        what && blockedBy(what, opened.protocol === PROTOCOL.udp ? withoutQuestion(recognised) : recognised);
      return blocked ? { rule, blocked } : null;
    },
  };
}

/** Other protocols have no connection that could be. */
const canBeCut = ({ protocol }: Opened): boolean => protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp;

/**
 * A conversation about names over UDP is no conversation with whoever bears them: one resolver asks for all over it. Its questions are
 * judged one by one.
 */
function withoutQuestion(recognised: Recognised): Recognised {
  const [carrier] = recognised.applications;
  return carrier === 'DNS' ? { ...recognised, applications: [carrier], name: null } : recognised;
}
