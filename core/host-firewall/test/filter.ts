import { setTimeout as delay } from 'node:timers/promises';
import type { HostFirewallPolicy } from '@hypervigil/model';
import { type Nftables, openNftables } from '@hypervigil/nftables';
import type { Calling, TwoHosts } from '@hypervigil/nftables/testing';
import { compileRuleset, policyCounts, type RulesetInput, TABLE } from '../src/index.ts';

const DEADLINE_MS = 30_000;

export async function until<T>(look: () => Promise<T | undefined | false>, what: string): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${DEADLINE_MS} ms`);
    await delay(5);
  }
}

/** The packet filter of the near host. */
export interface Filter {
  readonly nft: Nftables;
  set(input: RulesetInput): Promise<void>;
  /** Who decided since the policy was set: places of rules, or `inbound` and `outbound` for the defaults. */
  deciders(policy: HostFirewallPolicy, place?: 'kept' | 'trial'): Promise<(number | 'inbound' | 'outbound')[]>;
  /**
   * Whether a call gets through under a policy that was just set. It did when there is any answer; it was cut when a
   * rule or default had to decide and there was none by then: a packet is counted and dropped in one step.
   */
  decided(policy: HostFirewallPolicy, calling: Calling): Promise<(number | 'inbound' | 'outbound')[]>;
}

export function filterOf(hosts: TwoHosts): Filter {
  const nft = openNftables({ command: ['ip', 'netns', 'exec', hosts.near.namespace, 'nft'] });
  const deciders: Filter['deciders'] = async ({ rules }, place = 'kept') => {
    const listing = await nft.list(TABLE);
    const counts = policyCounts(listing?.counters ?? new Map(), place, rules.length);
    return [
      ...counts.rules.flatMap(({ packets }, i) => (packets > 0 ? [i] : [])),
      ...(['inbound', 'outbound'] as const).filter((direction) => counts[direction].packets > 0),
    ];
  };
  return {
    nft,
    set: (input) => nft.apply(compileRuleset(input)),
    deciders,
    decided: (policy, calling) =>
      until(async () => {
        const found = await deciders(policy);
        return found.length > 0 || calling.isOver() ? await deciders(policy) : undefined;
      }, 'nothing decided about a call'),
  };
}
