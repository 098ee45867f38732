import { writeFile } from 'node:fs/promises';
import type { GatewayFault, GatewayPolicy, GatewayState } from '@hypervigil/contract';
import { compileGateway, decodeMark, ENDED, encodeMark, type Rules, rulesOf, TABLE } from '@hypervigil/gateway-rules';
import type { Nftables } from '@hypervigil/nftables';
import type { RuleCounts } from './nft-counters.ts';
import { runProgram } from './programs.ts';
import type { Slots } from './slots.ts';

/** A policy that is not in force, and why. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly fault: GatewayFault;

  constructor(fault: GatewayFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

export interface Firewall {
  /** What is in force; null before the first policy. */
  policy(): GatewayPolicy | null;
  /** Replaces what is in force, or rejects with a {@link PolicyError} and leaves it as it is. */
  apply(policy: GatewayPolicy): Promise<void>;
  counters(): GatewayState['counters'];
  /** The rule that let a connection through, by its mark; undefined when other rules are in force than those that judged it. */
  ruleOf(mark: number): number | undefined;
  /** What the rules in force have against connections that they let through. */
  rules(): Rules;
  /** The mark of a connection that a rule lets through and that is ended for what it turned out to be. */
  endedMark(rule: number): number;
}

export interface FirewallOptions {
  readonly nft: Nftables;
  readonly counts: () => RuleCounts;
  readonly slots: Slots;
  readonly dataMtus: () => readonly number[];
}

const NO_RULES: Rules = { endOf: () => null, refusalOf: () => null };
const TCP_LOOSE = '/proc/sys/net/netfilter/nf_conntrack_tcp_loose';

export function createFirewall({ nft, counts, slots, dataMtus }: FirewallOptions): Firewall {
  let inForce: GatewayPolicy | null = null;
  let generation = 0;
  let rules: Rules = NO_RULES;
  /** What rules had counted in rulesets that were replaced. */
  const before = new Map<number, { packets: number; bytes: number }>();

  function counted(): Map<number, { packets: number; bytes: number }> {
    const total = new Map(before);
    for (const [rule, { packets, bytes }] of counts()) {
      const old = before.get(rule);
      total.set(rule, { packets: packets + (old?.packets ?? 0), bytes: bytes + (old?.bytes ?? 0) });
    }
    return total;
  }

  return {
    policy: () => inForce,
    async apply(policy) {
      for (const mtu of dataMtus()) {
        if (mtu < policy.mtu)
          throw new PolicyError('mtu', `A data vNIC carries packets of ${mtu} bytes; ${policy.mtu} are needed`);
      }
      const next = slots.next(policy.revision);
      // A connection that slept through all generations must not meet its own number again. What was ended stays so.
      if (next.wrapped) await runProgram('conntrack', ['-U', '--mark', `0/${ENDED - 1}`]).catch(() => '');
      const ruleset = compileGateway({ ...policy, generation: next.generation, slotOf: slots.slotOf });
      slots.save();
      await writeFile(TCP_LOOSE, policy.pickup ? '1' : '0');
      const totals = counted();
      try {
        await nft.apply(ruleset);
      } catch (cause) {
        throw new PolicyError('refused', (cause as Error).message, { cause });
      }
      for (const [rule, count] of totals) before.set(rule, count);
      if (inForce === null && (await nft.list(TABLE)) === undefined)
        throw new PolicyError('failed', 'nft took the rules, and there are none');
      if (inForce === null) await runProgram('busybox', ['ip', 'link', 'set', 'wire', 'up']);
      inForce = policy;
      generation = next.generation;
      rules = rulesOf(policy.intent);
    },
    ruleOf(mark) {
      return decodeMark(mark)?.generation === generation ? slots.judgementOf(mark)?.rule : undefined;
    },
    rules: () => rules,
    endedMark: (rule) => encodeMark({ generation, verdict: 'deny', slot: slots.slotOf(rule), ended: true }),
    counters() {
      return [...counted()].map(([rule, { packets, bytes }]) => ({ rule, packets, bytes }));
    },
  };
}
