import type { AlertCode, Blocks } from '@hypervigil/model';
import type { FlowLog } from './flow-log.ts';
import type { Lab } from './lab.ts';
import type { VmSpec } from './vm/spec.ts';

/** Who plays which part. Attacker, victim and peer are of one tenant and network; stranger and fellow are of another tenant. */
export interface Cast {
  readonly attacker: VmSpec;
  readonly victim: VmSpec;
  readonly peer: VmSpec;
  readonly stranger: VmSpec;
  readonly fellow: VmSpec;
  /** UDP port of the victim to which policy lets attacker and peer send. */
  readonly udpPort: number;
  /** Where the victim serves HTTP; not for strangers. */
  readonly httpPort: number;
  /** Where the stranger serves HTTP, for its fellow. */
  readonly webPort: number;
}

/** A call of a TCP port. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** The link-layer address of a gateway, and the tag that frames have while they are with it. */
export interface GatewayLooks {
  readonly mac: string;
  readonly vlan: number;
}

/** A chain of two gateways on each host: how the second one looks, and the ids of those that are second. */
interface ChainLooks extends GatewayLooks {
  readonly second: readonly string[];
}

/** What came of attempts to get copies of a VM's traffic. */
export interface Overheard {
  /** The ways that were not refused. */
  readonly heard: readonly string[];
  /** Whether whoever may did get them. */
  readonly control: boolean;
  readonly evidence: string;
}

/** Somebody who may tell of known attacks. */
interface Sentry {
  /** The VMs in whose calls a signature was seen; waits until the one is among them, as long as that may take to be told. */
  readonly suspects: (signature: number, one: string) => Promise<readonly string[]>;
}

/** What an attack has others do who may: allow a connection and take the permission back, cut a VM off, restart what protects. */
export interface PolicyHooks {
  /** Resolves when new TCP connections from one VM to a port of the other pass. */
  readonly allow: (from: string, to: string, port: number) => Promise<void>;
  /** Resolves when what anybody sends to a UDP port of a VM is rejected; absent where nothing can. */
  readonly reject?: (to: string, port: number) => Promise<void>;
  /** Resolves when VMs may call a TCP port of another, and one of them begins few connections where anything bounds that. */
  readonly bound: (bounded: string, from: readonly string[], to: string, port: number) => Promise<void>;
  /** Resolves when VMs may make both calls, the second one on a network of its own wherever something tells networks apart. */
  readonly apart: (one: Call, other: Call) => Promise<void>;
  /**
   * Resolves when what a VM sends to a UDP port of another passes through a gateway or not at all; says how whoever forges
   * frames would make them look like a gateway's.
   */
  readonly inspect: (from: string, to: string, port: number) => Promise<GatewayLooks>;
  /** Like `inspect`, through two gateways one after the other. */
  readonly inspectChain: (from: string, to: string, port: number) => Promise<ChainLooks>;
  /**
   * Resolves when a VM may speak TCP and UDP to a port of another, through a gateway that ends what of `blocks` it recognises:
   * where nothing recognises anything, when it may.
   */
  readonly inspectFor: (from: string, to: string, port: number, blocks: Blocks) => Promise<void>;
  /** Like `inspectFor`, while the gateways can hear nothing of it; those that hear nothing do so until they start anew. */
  readonly inspectUnheard: (from: string, to: string, port: number, blocks: Blocks) => Promise<void>;
  /**
   * Resolves when VMs may call a TCP port of another, and copies of what that one is sent are looked at for known attacks
   * wherever anything does that. Absent where a gateway would, but has nothing that knows any.
   */
  readonly watch?: (from: readonly string[], to: string, port: number) => Promise<Sentry>;
  /** Resolves when other gateways run in the places of those that did; absent where there are none. */
  readonly restartGateways?: () => Promise<void>;
  /**
   * Resolves when the tenant of one VM has tried to open a TCP port of another tenant's VM to it, in every way that it knows;
   * says what it was told.
   */
  readonly overreach: (from: string, to: string, port: number) => Promise<string>;
  /**
   * Resolves when whoever may not has tried to get copies of what the VM `of` is sent: the tenant of the VM `by`, and the
   * provider. `talk` sends it something with the marker in it.
   */
  readonly overhear: (by: string, of: string, marker: string, talk: () => Promise<void>) => Promise<Overheard>;
  /** Resolves when what was allowed, rejected, bounded or inspected is so no more, everywhere. */
  readonly revoke: () => Promise<void>;
  /** Resolves when a VM is cut off wherever something cuts VMs off. */
  readonly quarantine: (vm: string) => Promise<void>;
  /** Resolves when it is not any more; of one that never was, at once. */
  readonly release: (vm: string) => Promise<void>;
  /** Resolves when a VM may call HTTP at every address of a block outside, but those that a threat set holds. */
  readonly allowOutside: (from: string, block: string, bad: readonly string[]) => Promise<void>;
  readonly forbidOutside: () => Promise<void>;
  /** The flow log of what happens on a host from now on. */
  readonly flowLog: (host: string) => Promise<FlowLog>;
  /**
   * Resolves when a host takes what an exporter with this address sends to UDP on its 127.0.0.1; the answer ends that. Absent where
   * whoever tells of flows is believed.
   */
  readonly trustExporter?: (host: string, address: string) => Promise<() => Promise<void>>;
  /** Codes of the alerts about a VM that were raised or seen again since then; absent where nobody judges flows. */
  readonly alertsOf?: (vm: string, sinceMs: number) => Promise<readonly AlertCode[]>;
  /**
   * Resolves when VMs that an alert names for this are cut off without anybody's doing; the answer ends that. Absent where nobody
   * judges flows.
   */
  readonly cutOffFor?: (code: AlertCode) => Promise<() => Promise<void>>;
  /** Resolves when every engine was killed and enforces again; absent where none runs. */
  readonly restartEngines?: () => Promise<void>;
  /** Resolves when hosts let in what libvirt needs and nothing else; absent where nothing protects hosts. */
  readonly guardHosts?: () => Promise<void>;
  readonly unguardHosts?: () => Promise<void>;
}

export interface AttackContext {
  readonly lab: Lab;
  readonly cast: Cast;
  readonly policy?: PolicyHooks;
}

export interface AttackResult {
  readonly succeeded: boolean;
  /**
   * Whether the honest counterpart of the attack passed on the same path. An attack that fails where honest packets fail,
   * too, says nothing about the protection.
   */
  readonly control: boolean;
  /** What was seen, in words that stand by themselves. */
  readonly evidence: string;
}

/** Something that a protection has to stop. Runs on a lab with the protection off, where it succeeds, and on. */
export interface Attack {
  readonly id: string;
  readonly title: string;
  /** The protection that is put to the proof. */
  readonly protects: string;
  /** True when it cannot run without {@link AttackContext.policy}. */
  readonly needsPolicy?: boolean;
  /** What it needs and is not here, in words that say how to have it; it is not run then, and proves nothing. */
  readonly lacks?: (policy: PolicyHooks | undefined) => string | undefined;
  /** Leaves the guests as they were. */
  readonly run: (context: AttackContext) => Promise<AttackResult>;
}
