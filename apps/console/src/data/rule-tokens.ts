import type { RuleInput } from '@hypervigil/contract';
import { Cidr, type Peer, parseService, type Rule, writeService } from '@hypervigil/model';

/** A part of a rule as people pick it: a group, a tenant, an address set, a block, a service. */
export interface Token {
  readonly kind: 'group' | 'tenant' | 'addressSet' | 'cidr' | 'namedService' | 'service';
  /** Of what has a name; what is only text is its own id. */
  readonly id: string;
}

const tokens = (kind: Token['kind'], ids: readonly string[]): Token[] => ids.map((id) => ({ kind, id }));
const idsOf = (all: readonly Token[], kind: Token['kind']): string[] =>
  all.filter((token) => token.kind === kind).map(({ id }) => id);

export const peerTokens = (peer: Peer): readonly Token[] => [
  ...tokens('group', peer.groupIds),
  ...tokens('tenant', peer.tenantIds),
  ...tokens('addressSet', peer.addressSetIds),
  ...tokens('cidr', peer.cidrs),
];
export const peerOfTokens = (all: readonly Token[]): Peer => ({
  groupIds: idsOf(all, 'group'),
  tenantIds: idsOf(all, 'tenant'),
  addressSetIds: idsOf(all, 'addressSet'),
  cidrs: idsOf(all, 'cidr'),
});

export const serviceTokens = (rule: Rule): readonly Token[] => [
  ...tokens('namedService', rule.namedServiceIds),
  ...tokens('service', rule.services.map(writeService)),
];
export const servicesOfTokens = (all: readonly Token[]): Pick<RuleInput, 'namedServiceIds' | 'services'> => ({
  namedServiceIds: idsOf(all, 'namedService'),
  services: idsOf(all, 'service').flatMap((text) => parseService(text) ?? []),
});

/** What was typed and is no name: an address block, a service; undefined when it is none. */
export const cidrToken = (text: string): Token | undefined =>
  Cidr.safeParse(text).success ? { kind: 'cidr', id: text } : undefined;
export function serviceToken(text: string): Token | undefined {
  const service = parseService(text);
  return service && { kind: 'service', id: writeService(service) };
}

export const sameToken = (a: Token, b: Token): boolean => a.kind === b.kind && a.id === b.id;
