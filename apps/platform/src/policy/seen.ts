import type { DraftPolicy } from '@hypervigil/contract';
import {
  holdsVm,
  type Id,
  isAnyone,
  isWhole,
  type Peer,
  type Policy,
  type ReadGroup,
  type Rule,
  readGroup,
} from '@hypervigil/model';
import { parseBlock } from '@hypervigil/policy';
import { sql } from 'kysely';
import type { Access } from '../access/access.ts';
import { notFound } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { type DraftHead, draftHeads, inOrder, readDraft } from './draft.ts';
import { findGroups } from './group-rows.ts';
import { groupedVms } from './members.ts';
import { publishedPolicies } from './published.ts';

/** In a rule of the provider, in place of what a tenant may not know of. */
const SOMEBODY = '00000000-0000-0000-0000-000000000000';

/**
 * The draft as a person may read it. The provider's people read all of it. A tenant's read their own part, and what is
 * published of the provider's as far as it concerns their VMs: rules of which one side may be one of them, with nobody else
 * named in them.
 */
export async function policiesSeenBy(db: Database | Tx, access: Access): Promise<DraftPolicy[]> {
  const draft = await readDraft(db);
  const { tenantId } = access.person;
  if (tenantId === null) return draft;
  const reader = await readerOf(db, access, tenantId);
  const providers = (await publishedPolicies(db))
    .filter((policy) => policy.tenantId === null && policy.enabled)
    .map((policy) => ({ ...policy, rules: policy.rules.filter(reader.concerns).map(reader.cut) }))
    .filter(({ rules }) => rules.length > 0)
    .map((policy): DraftPolicy => ({ ...policy, description: '', change: 'none', ruleChanges: {} }));
  return [...providers, ...draft.filter((policy) => policy.tenantId === tenantId)].sort(inOrder);
}

/** The same without rules, where that is less to read. */
export const headsSeenBy = (db: Database | Tx, access: Access): Promise<readonly DraftHead[]> =>
  access.person.tenantId === null ? draftHeads(db) : policiesSeenBy(db, access);

/** @throws ApiFailure `not-found` */
export async function policySeenBy(db: Database | Tx, access: Access, id: Id): Promise<DraftPolicy> {
  const policy = (await policiesSeenBy(db, access)).find((one) => one.id === id);
  if (policy === undefined) throw notFound('policy', id);
  return policy;
}

interface Reader {
  concerns(rule: Rule): boolean;
  cut(rule: Rule): Rule;
}

async function readerOf(db: Database | Tx, access: Access, tenantId: Id): Promise<Reader> {
  const groups = new Map<Id, ReadGroup>((await findGroups(db)).map((group) => [group.id, readGroup(group)]));
  const { scope } = access.person;
  const all = await groupedVms(db, { tenantId });
  const own = isWhole(scope)
    ? all
    : all.filter(
        (vm) =>
          scope.groupIds.some((id) => holdsVm(groups, id, vm)) ||
          vm.vnics.some(({ networkId }) => scope.networkIds.includes(networkId)),
      );
  const addresses = (await addressesOf(db, own)).flatMap((text) => parseBlock(text) ?? []);
  const isWithin = (text: string): boolean => {
    const block = parseBlock(text);
    if (block === undefined) return false;
    return addresses.some(({ family, bits, prefix }) => {
      const host = BigInt(prefix - block.prefix);
      return family === block.family && host >= 0n && bits >> host === block.bits >> host;
    });
  };
  const mayBeOwn = (peer: Peer): boolean =>
    isAnyone(peer) ||
    peer.tenantIds.includes(tenantId) ||
    peer.addressSetIds.length > 0 ||
    peer.cidrs.some(isWithin) ||
    peer.groupIds.some((id) => own.some((vm) => holdsVm(groups, id, vm)));
  const cutPeer = (peer: Peer): Peer => ({
    ...peer,
    groupIds: hide(peer.groupIds, (id) => groups.get(id)?.tenantId === tenantId),
    tenantIds: hide(peer.tenantIds, (id) => id === tenantId),
  });
  return {
    concerns: (rule) => rule.enabled && (mayBeOwn(rule.from) || mayBeOwn(rule.to)),
    cut: (rule) => ({ ...rule, comment: '', owner: '', from: cutPeer(rule.from), to: cutPeer(rule.to) }),
  };
}

async function addressesOf(db: Database | Tx, vms: readonly { readonly id: Id }[]): Promise<string[]> {
  const { rows } = await sql<{ address: string }>`select unnest(ipv4 || ipv6) as address from vnics
    where vm_id = any(${vms.map(({ id }) => id)}::uuid[])`.execute(db);
  return rows.map(({ address }) => address);
}

/** Never empty where it was not: a side with nothing in it would read as anyone. */
const hide = (ids: readonly Id[], isKnown: (id: Id) => boolean): Id[] => [
  ...new Set(ids.map((id) => (isKnown(id) ? id : SOMEBODY))),
];

/** Of a tenant's publishing: what is published of everybody else, with that tenant's part of the draft. */
export async function withPartOf(
  db: Database | Tx,
  tenantId: Id | null,
  draft: readonly DraftPolicy[],
): Promise<Policy[]> {
  const part = draft.filter(
    (policy) => policy.change !== 'removed' && (tenantId === null || policy.tenantId === tenantId),
  );
  if (tenantId === null) return [...part];
  const others = (await publishedPolicies(db)).filter((policy) => policy.tenantId !== tenantId);
  return [...others, ...part].sort(inOrder);
}
