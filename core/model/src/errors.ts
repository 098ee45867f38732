import { z } from 'zod';
import type { Denial, Permission } from './access.ts';
import type { AlertAction, AlertState } from './alert.ts';
import type { NamedThing } from './flow-query/fields.ts';
import type { FlowQueryExpectation } from './flow-query/mistakes.ts';
import type { Format, Kind } from './format.ts';
import type { VmState } from './inventory.ts';
import type { SelectorExpectation } from './selector.ts';
import type { TaskKind, VmAction } from './task.ts';
import type { FeedProblem } from './threat-set.ts';

/** Every error that the API can answer with, and its HTTP status. */
export const ERROR_STATUS = {
  'invalid-request': 400,
  malformed: 400,
  'bad-feed': 400,
  unstorable: 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  'no-certificate': 401,
  'unknown-certificate': 401,
  'password-change-required': 403,
  'not-permitted': 403,
  'own-draft': 403,
  'own-playbook': 403,
  'only-tenant-answers': 403,
  'not-your-view': 403,
  'other-site': 403,
  'not-local': 403,
  'host-revoked': 403,
  'token-invalid': 403,
  'token-used': 403,
  'token-expired': 403,
  'not-found': 404,
  'no-such-address': 404,
  'stale-revision': 409,
  'not-allowed-in-state': 409,
  'alert-not-in-state': 409,
  'response-over': 409,
  'response-not-waiting': 409,
  'not-a-question': 409,
  'no-tenant-to-ask': 409,
  'asked-already': 409,
  'no-peer-outside': 409,
  'set-gone': 409,
  'settings-full': 409,
  'blocked-already': 409,
  'never-blocked': 409,
  'set-not-denied': 409,
  'set-full': 409,
  'incident-closed': 409,
  'incident-full': 409,
  'incident-whole': 409,
  'vm-busy': 409,
  'quarantined-already': 409,
  'not-quarantined': 409,
  'address-taken': 409,
  'name-taken': 409,
  'in-use': 409,
  'capture-runs': 409,
  'captures-busy': 409,
  'not-a-capture': 409,
  'mirrors-full': 409,
  'exporters-full': 409,
  'routes-full': 409,
  'views-full': 409,
  'file-gone': 404,
  'named-by-rule': 409,
  'named-by-assertion': 409,
  'edit-conflict': 409,
  'assertion-violated': 409,
  'approval-missing': 409,
  'approved-already': 409,
  'not-approved': 409,
  'nothing-to-approve': 409,
  'draft-changed': 409,
  'nothing-before': 409,
  'built-in': 409,
  'trial-over': 409,
  'entries-from-feed': 409,
  'feed-is-file': 409,
  'feed-is-address': 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'too-many-requests': 429,
  'host-offline': 503,
  'capture-away': 503,
  'analysis-stopped': 503,
  'flow-query-stopped': 503,
  unavailable: 503,
  internal: 500,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

/** What an error or a problem can be about. */
export type Thing =
  | 'host'
  | 'exporter'
  | 'vm'
  | 'vnic'
  | 'network'
  | 'tenant'
  | 'group'
  | 'address-set'
  | 'gateway'
  | 'gateway-group'
  | 'mirror'
  | 'capture'
  | 'schedule'
  | 'named-service'
  | 'threat-set'
  | 'limit'
  | 'policy'
  | 'rule'
  | 'task'
  | 'alert'
  | 'alert-exception'
  | 'response'
  | 'detector-setting'
  | 'playbook'
  | 'incident'
  | 'notification'
  | 'flow-view'
  | 'account'
  | 'assertion'
  | 'revision';

interface ErrorParamsOf {
  'not-permitted': { permission: Permission; denial: Denial };
  'not-found': { what: Thing; id: string };
  'stale-revision': { current: number };
  'bad-feed': { problem: FeedProblem['code'] } & FeedProblem['params'];
  'not-allowed-in-state': { action: VmAction; state: VmState };
  'alert-not-in-state': { step: AlertAction; stage: AlertState };
  'blocked-already': { address: string; set: string };
  'never-blocked': { address: string; set: string };
  'set-not-denied': { set: string };
  'set-full': { maximum: number };
  'incident-full': { alerts: number; vms: number };
  'vm-busy': { kind: TaskKind; task: string };
  'address-taken': { address: string; vm: string };
  'name-taken': { what: Thing; field: string };
  'in-use': { what: Thing; by: Thing };
  'named-by-rule': { what: Thing; policy: string; rule: string };
  'named-by-assertion': { what: Thing; assertion: string };
  'edit-conflict': { count: number };
  'assertion-violated': { count: number };
  'approval-missing': { required: number; given: number; owner: 'provider' | 'tenant' };
  'draft-changed': { count: number };
  'analysis-stopped': { reason: 'time' | 'memory'; seconds: number; mib: number };
  'flow-query-stopped': { reason: 'time' | 'memory' };
  'built-in': { what: Thing };
  'too-many-requests': { seconds: number };
  'host-offline': { host: string };
  'captures-busy': { maximum: number };
  'mirrors-full': { maximum: number };
  'exporters-full': { maximum: number };
  'settings-full': { maximum: number };
  'routes-full': { maximum: number };
  'views-full': { maximum: number };
  'not-your-view': { owner: string };
}

/** What the words of each error need. */
export type ErrorParams = {
  [C in ErrorCode]: C extends keyof ErrorParamsOf ? ErrorParamsOf[C] : Record<string, never>;
};

type None = Record<string, never>;

/** A packet in words: who sends it to whom on what, and which rule decides it (empty where the defaults do). */
export type ViolationParams = { from: string; to: string; service: string; policy: string; rule: string };

/** Every way in which a field can be wrong, and what its words need. */
export interface ProblemParams {
  missing: None;
  'wrong-type': { expected: Kind };
  'wrong-format': { format: Format };
  'not-one-of': { values: string };
  'too-short': { minimum: number };
  'too-long': { maximum: number };
  'too-few': { minimum: number };
  'too-many': { maximum: number };
  'too-low': { minimum: number };
  'too-high': { maximum: number };
  'unknown-field': None;
  invalid: None;
  'unknown-id': { what: Thing };
  'unknown-set': { name: string };
  /** `close` are names that may have been meant, with commas between. */
  'unknown-application': { name: string; close: string };
  'unknown-risk': { name: string; close: string };
  'name-taken': { what: Thing };
  twice: None;
  unchanged: None;
  'same-host': None;
  'same-incident': None;
  'ends-before': None;
  'not-a-cursor': None;
  'not-a-csr': None;
  'wrong-key': None;
  'tier-not-yours': None;
  'tier-of-tenants': None;
  'other-tier': None;
  'foreign-group': None;
  'foreign-tenant': None;
  'foreign-address-set': None;
  'not-a-peer': None;
  'not-graded': None;
  'foreign-mirror': None;
  'foreign-vm': None;
  'collector-in-cloud': { vm: string };
  'exporter-address-taken': None;
  'listen-not-of-family': None;
  'range-backwards': None;
  'secret-in-url': None;
  /** A secret stays with where it was given for. */
  'secret-again': None;
  'secret-without-use': { kind: string };
  'range-of-two-families': None;
  /** `at` is a character's place, from 1. */
  'selector-syntax': { at: number; wanted: SelectorExpectation };
  'selector-too-deep': { at: number; maximum: number };
  /** `found` is what stands there, `known` what may, where that is a list with commas between. */
  'flow-query-syntax': { at: number; wanted: FlowQueryExpectation; found: string; known: string };
  'flow-query-field': { at: number; name: string; close: string };
  'flow-query-name': { at: number; thing: NamedThing; name: string; close: string };
  'flow-query-too-deep': { at: number; maximum: number };
  'flow-query-too-many': { at: number; maximum: number };
  /** `path` leads from the group to itself. */
  'nested-in-itself': { path: string };
  'nested-too-deep': { maximum: number };
  'mixed-families': None;
  'wrong-family': { protocol: string };
  'changed-meanwhile': None;
  'rule-changed-meanwhile': { rule: string; field: string };
  'removed-and-changed': { rule: string };
  'assertion-violated': ViolationParams & { assertion: string };
  'assertion-cut-off': ViolationParams & { assertion: string };
}
export type ProblemCode = keyof ProblemParams;

/** What is wrong, in no language yet. */
export type Mistake = { [C in ProblemCode]: { readonly code: C; readonly params: ProblemParams[C] } }[ProblemCode];

/** Where it is wrong: the path of a field, such as `rules.2.services.0.ports.0`. */
export type FieldMistake = Mistake & { readonly field: string };

const Params = z.record(z.string(), z.union([z.string(), z.number()]));

/** One thing that is wrong with a request: where, and what would be right. */
export const Problem = z.object({
  field: z.string(),
  code: z.string(),
  params: Params,
  /** English, or the language that the request asked for. */
  message: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** The body of every error answer. Clients have words for codes and parameters in their reader's language. */
export const ApiErrorBody = z.object({
  code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
  /** English, or the language of the request's `Accept-Language`: for logs and people without a console. */
  message: z.string(),
  params: Params,
  problems: z.array(Problem),
  requestId: z.string(),
});
export type ApiErrorBody = z.infer<typeof ApiErrorBody>;
