import type {
  AlertCode,
  AlertFacts,
  Denial,
  ErrorCode,
  ErrorParams,
  FeedProblem,
  FlowFieldName,
  HostFirewallProblem,
  LeftOutReason,
  ProblemCode,
  ProblemParams,
  SeverityReason,
  ViolationParams,
} from '@hypervigil/model';

/** Why a task failed, as far as there are words for it; libvirt has hundreds of reasons more. */
type TaskErrorCode =
  | 'host-offline'
  | 'target-not-ready'
  | 'lease-expired'
  | 'engine-restarted'
  | 'busy'
  | 'libvirt-away'
  | 'no-domain'
  | 'operation-invalid'
  | 'resource-busy'
  | 'timeout'
  | 'operation-timeout'
  | 'aborted'
  | 'migrate-unsafe'
  | 'cpu-incompatible'
  | 'not-supported-by-host';

/** Every finding of the policy analysis with its reason. */
type FindingKey =
  | 'shadowed.same'
  | 'shadowed.opposite'
  | 'redundant.rules'
  | 'redundant.defaults'
  | 'contradictory.order'
  | 'irrelevant.nobody-from'
  | 'irrelevant.nobody-to'
  | 'irrelevant.never-meet'
  | 'irrelevant.silent-from'
  | 'irrelevant.silent-to'
  | 'unused.no-hits'
  | 'over-permissive.every-service'
  | 'over-permissive.remote-administration'
  | 'missing-log.between-tenants'
  | 'missing-log.from-anywhere'
  | 'expired.time-over';

export interface FindingParams {
  /** The names of the other rules. */
  readonly others: string;
  /** That recorded flows were looked at, and the day on which the rule was first published. */
  readonly days: number;
  readonly since: string;
}

/** A sentence for every code, in one language. A code without one does not compile. */
export interface Words {
  readonly errors: { readonly [C in ErrorCode]: (params: ErrorParams[C]) => string };
  readonly problems: { readonly [C in ProblemCode]: (params: ProblemParams[C]) => string };
  /** Why a person may not do something. */
  readonly denials: { readonly [D in Denial]: () => string };
  readonly firewall: { readonly [C in HostFirewallProblem['code']]: (params: HostFirewallProblem['params']) => string };
  readonly findings: { readonly [C in FindingKey]: (params: FindingParams) => string };
  /** A packet that is allowed and must not be, or the other way round. */
  readonly violations: { readonly [V in 'allow' | 'deny']: (params: ViolationParams) => string };
  readonly feeds: { readonly [C in FeedProblem['code']]: (params: FeedProblem['params']) => string };
  readonly leftOut: { readonly [R in LeftOutReason]: () => string };
  readonly tasks: { readonly [C in TaskErrorCode]: () => string };
  readonly alerts: AlertWords;
  /** Why a revision was published, where whoever rolled back does not say. */
  readonly rollback: (params: { revision: number }) => string;
  readonly recommendation: RecommendationWords;
  /** What a field of the language of flow filters is. */
  readonly flowFields: { readonly [F in FlowFieldName]: string };
}

/** What an alert is called, and of what was expected and seen, a sentence each. */
interface AlertWords {
  readonly titles: { readonly [C in AlertCode]: string };
  readonly expected: { readonly [C in AlertCode]: (facts: AlertFacts) => string };
  readonly seen: { readonly [C in AlertCode]: (facts: AlertFacts) => string };
  readonly reasons: { readonly [R in SeverityReason]: string };
}

/** What a policy and its rules that were learnt from flows say of themselves; dates are days. */
interface RecommendationWords {
  readonly policy: (params: { subject: string }) => string;
  readonly description: (params: { from: string; to: string; days: number }) => string;
  readonly comment: (params: {
    flows: number;
    days: number;
    ofDays: number;
    vmsSeen: number;
    vmsNamed: number;
  }) => string;
}
