import {
  HOST_SERVICES,
  type HostFirewallPolicy,
  type HostFirewallRule,
  type HostService,
  HostServiceName,
  parseService,
  writeService,
} from '@hypervigil/model';
import { linesOf } from '../ui/lines.ts';

/** A rule while it is edited. */
export interface RuleDraft extends Pick<HostFirewallRule, 'direction' | 'action' | 'comment'> {
  readonly key: number;
  /** Still text, with spaces between. */
  readonly services: string;
  /** Keys of sets, so that a set can be given another name. */
  readonly peers: readonly string[];
}
export interface SetDraft {
  readonly key: string;
  readonly name: string;
  readonly cidrs: string;
}
/** A policy while it is edited. Rules and sets have keys of their own, for their places and names change. */
export interface PolicyDraft extends Omit<HostFirewallPolicy, 'rules' | 'sets'> {
  readonly rules: readonly RuleDraft[];
  readonly sets: readonly SetDraft[];
}

export const writeHostService = (service: HostService): string =>
  typeof service === 'string' ? service : writeService(service);

/** What most hosts need, to begin with: it cuts nothing until it is told to enforce. */
const FIRST: HostFirewallPolicy = {
  mode: 'observe',
  inbound: 'deny',
  outbound: 'allow',
  sets: [],
  rules: [
    { direction: 'in', action: 'allow', services: ['ssh', 'ping'], peers: [], comment: '' },
    { direction: 'in', action: 'allow', services: ['libvirt-tls', 'migration', 'overlay'], peers: [], comment: '' },
  ],
  keepSsh: true,
};

export function policyDraft(policy: HostFirewallPolicy | null): PolicyDraft {
  const { rules, sets, ...rest } = policy ?? FIRST;
  const keyOf = new Map(sets.map(({ name }, key) => [name, String(key)]));
  return {
    ...rest,
    rules: rules.map((rule, key) => ({
      ...rule,
      key,
      services: rule.services.map(writeHostService).join(' '),
      peers: rule.peers.map((name) => keyOf.get(name)!),
    })),
    sets: sets.map(({ name, cidrs }, key) => ({ key: String(key), name, cidrs: cidrs.join('\n') })),
  };
}

const nextKey = (keys: readonly (string | number)[]) => Math.max(-1, ...keys.map(Number)) + 1;
export const withNewRule = (draft: PolicyDraft, services = ''): PolicyDraft => {
  const key = nextKey(draft.rules.map((rule) => rule.key));
  return {
    ...draft,
    rules: [...draft.rules, { key, direction: 'in', action: 'allow', services, peers: [], comment: '' }],
  };
};
export const withNewSet = (draft: PolicyDraft): PolicyDraft => {
  const key = String(nextKey(draft.sets.map((set) => set.key)));
  return { ...draft, sets: [...draft.sets, { key, name: '', cidrs: '' }] };
};
export const withoutSet = (draft: PolicyDraft, key: string): PolicyDraft => ({
  ...draft,
  sets: draft.sets.filter((set) => set.key !== key),
  rules: draft.rules.map((rule) => ({ ...rule, peers: rule.peers.filter((peer) => peer !== key) })),
});

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

/** The first word that is no service; undefined when all are. */
export const badService = (services: string): string | undefined =>
  words(services).find((word) => hostService(word) === undefined);

function hostService(word: string): HostService | undefined {
  const name = HostServiceName.safeParse(word);
  return name.success ? name.data : parseService(word);
}

/** Words that are no service are left out: {@link badService} says of them before anything is sent. */
export const policyOf = ({ rules, sets, ...rest }: PolicyDraft): HostFirewallPolicy => ({
  ...rest,
  rules: rules.map(({ direction, action, services, peers, comment }) => ({
    direction,
    action,
    services: words(services).flatMap((word) => hostService(word) ?? []),
    peers: sets.filter(({ key }) => peers.includes(key)).map(({ name }) => name),
    comment,
  })),
  sets: sets.map(({ name, cidrs }) => ({ name, cidrs: [...linesOf(cidrs)] })),
});

export const HOST_SERVICE_ROWS = Object.entries(HOST_SERVICES).map(([name, services]) => ({
  name,
  ports: services.map(writeService).join(' '),
}));
