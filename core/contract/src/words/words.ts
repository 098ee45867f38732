import type {
  AlertCode,
  AlertFacts,
  AlertResolution,
  DeliveryProblem,
  DeliveryState,
  Denial,
  ErrorCode,
  ErrorParams,
  FeedProblem,
  FlowFieldName,
  FlowTrouble,
  HostFirewallProblem,
  IncidentEntity,
  LeftOutReason,
  NotifiedEvent,
  ProblemCode,
  ProblemParams,
  ResponseAction,
  ResponseAnswer,
  ResponseTurn,
  Severity,
  SeverityReason,
  Tactic,
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

/** What is wrong with flows and is no host's. */
type FlowTroubleBeside = 'gateway' | 'vms' | 'store';

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
  readonly incidents: IncidentWords;
  readonly notifications: NotificationWords;
  /** Why a revision was published, where whoever rolled back does not say. */
  readonly rollback: (params: { revision: number }) => string;
  readonly recommendation: RecommendationWords;
  /** What a field of the language of flow filters is. */
  readonly flowFields: { readonly [F in FlowFieldName]: string };
  /** What is wrong on the way of flows: of a host, or beside the hosts. */
  readonly flowTroubles: { readonly [T in FlowTrouble | FlowTroubleBeside]: string };
}

/** What an alert is called, and of what was expected and seen, a sentence each. */
interface AlertWords {
  readonly titles: { readonly [C in AlertCode]: string };
  readonly expected: { readonly [C in AlertCode]: (facts: AlertFacts) => string };
  readonly seen: { readonly [C in AlertCode]: (facts: AlertFacts) => string };
  readonly reasons: { readonly [R in SeverityReason]: string };
}

/** Why alerts belong together, why that is so severe, and what happened. */
interface IncidentWords {
  readonly tactics: { readonly [T in Tactic]: string };
  readonly severity: (params: { worst: string }) => string;
  readonly raised: (params: { worst: string; tactics: string }) => string;
  /** Between tactics. */
  readonly listed: string;
  /** Alerts are named after it. */
  readonly ties: { readonly [K in IncidentEntity['kind']]: (what: string) => string };
  readonly began: string;
  readonly placed: (person: string) => string;
  readonly moments: {
    readonly [K in 'began' | 'raised' | 'lasted']: () => string;
  } & {
    readonly [K in 'placed' | 'triage' | 'start']: (params: { actor: string }) => string;
  } & {
    readonly assign: (params: { actor: string; assignee: string | null }) => string;
    readonly comment: (params: { actor: string; text: string }) => string;
    readonly close: (params: { actor: string; resolution: string }) => string;
    readonly response: (params: {
      turn: ResponseTurn;
      actor: string;
      what: string;
      /** In words. */
      answer: string | null;
      reason: string | null;
    }) => string;
    readonly told: (params: { route: string; event: string; outcome: string }) => string;
  };
  /** What a response does, as a part of a sentence. */
  readonly responses: { readonly [A in ResponseAction]: (params: { ip: string; set: string }) => string };
  readonly outcomes: { readonly [S in DeliveryState]: string };
}

/** What messages about alerts say, and why they did not arrive. */
export interface NotificationWords {
  readonly problems: { readonly [C in DeliveryProblem['code']]: (params: DeliveryProblem['params']) => string };
  readonly events: { readonly [E in NotifiedEvent]: string };
  readonly severities: { readonly [S in Severity]: string };
  readonly resolutions: { readonly [R in AlertResolution]: string };
  readonly title: (params: { event: string; severity: string; what: string; vm: string }) => string;
  readonly answers: { readonly [A in ResponseAnswer]: string };
  readonly question: (text: string) => string;
  readonly answer: (params: { answer: string; said: string }) => string;
  readonly seen: (text: string) => string;
  readonly expected: (text: string) => string;
  readonly reason: (text: string) => string;
  readonly vm: (params: { vm: string; tenant: string | null; side: 'source' | 'target' }) => string;
  readonly peers: (addresses: readonly string[]) => string;
  readonly technique: (technique: string) => string;
  readonly times: (params: { first: string; last: string; count: number }) => string;
  readonly digestTitle: (count: number) => string;
  readonly digest: (params: { count: number; from: string; to: string; perHour: number }) => string;
  readonly digestPart: (params: { count: number; severity: string; what: string }) => string;
  readonly testTitle: string;
  readonly test: (route: string) => string;
  readonly open: string;
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
