import type { Blocked, HostIntent, IntentBlocks, OnFailure, Recognised } from '@hypervigil/model';
import { createJudge, type Judge, PROTOCOL } from '@hypervigil/policy';
import { blockedBy, blockedName } from './blocks.ts';

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
  /**
   * What they have against a question about a name.
   * @param name null for what nobody can read: where the rule fails closed it does not pass
   * @param by as for `endOf`
   */
  refusalOf(opened: Opened, name: string | null, by: number | undefined): Refusal | null;
}

/** By which rule a question about a name is dropped, and for which of its names; null for what could not be read. */
export interface Refusal {
  readonly rule: number;
  readonly blocked: Blocked | null;
}

/** What rules block, and what becomes of connections while nobody can look at them. */
interface Blocking {
  readonly blocks: IntentBlocks;
  readonly onFailure: OnFailure;
}

export function rulesOf(intent: HostIntent): Rules {
  const blocking = new Map<number, Blocking>();
  for (const { num, inspect } of intent.rules)
    if (inspect?.blocks) blocking.set(num, { blocks: inspect.blocks, onFailure: inspect.onFailure });
  let judge: Judge | undefined;

  function decides({ net: network, protocol, srcIp: src, dstIp: dst, dstPort: port }: Opened): number {
    judge ??= createJudge(intent);
    return judge({ network, src, dst, protocol, port }).ruleNum;
  }

  return {
    endOf(opened, recognised, by) {
      if (blocking.size === 0 || !canBeCut(opened)) return null;
      const rule = by ?? decides(opened);
      const what = blocking.get(rule)?.blocks;
      const blocked =
        what && blockedBy(what, opened.protocol === PROTOCOL.udp ? withoutQuestion(recognised) : recognised);
      return blocked ? { rule, blocked } : null;
    },
    refusalOf(opened, name, by) {
      if (blocking.size === 0) return null;
      const rule = by ?? decides(opened);
      const what = blocking.get(rule);
      if (what === undefined) return null;
      if (name === null) return what.onFailure === 'closed' ? { rule, blocked: null } : null;
      const pattern = blockedName(what.blocks, name);
      return pattern === undefined ? null : { rule, blocked: { by: 'name', what: pattern } };
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
