import { type GatewayReport, type HostIntent, type IntentGateway, SYNTHETIC_RULES } from '@hypervigil/model';
import type { AvailableImage } from './image.ts';
import type { Patience } from './patience.ts';
import type { GatewaySession } from './session.ts';
import { type DomainSize, isOutgrown } from './size.ts';

/** What a host knows of a gateway that it runs. */
export interface ReportedRun {
  readonly measurement: string | null;
  readonly session: GatewaySession | undefined;
  /** Undefined until libvirt was asked. */
  readonly size: DomainSize | undefined;
  /** libvirt could not change it: what it thinks of its processors may be wrong, and it gives no more of them. */
  readonly isStuck: boolean;
  readonly reason: string | null;
  readonly patience: Pick<Patience, 'hasPassed'>;
}

interface ReportInputs {
  /** Undefined while there is no domain of it. */
  readonly run: ReportedRun | undefined;
  /** Whether packets pass it. */
  readonly passes: boolean;
  readonly available: AvailableImage;
  readonly intent: HostIntent;
}

/** What the platform is told of a gateway. */
export function reportOf(gateway: IntentGateway, { run, passes, available, intent }: ReportInputs): GatewayReport {
  const session = run?.session;
  const [ready, state] = [session?.ready(), session?.state()];
  const reason = run?.reason ?? session?.refused() ?? (run ? null : available.reason);
  return {
    id: gateway.id,
    phase: phaseOf(run, passes, available),
    reason: reason?.slice(0, 500) ?? null,
    measurement: run?.measurement ?? null,
    available: available.measurement,
    availableVersion: available.version,
    version: ready?.versions['gateway']?.slice(0, 64) ?? null,
    build: ready?.build ?? null,
    kernel: ready?.kernel ?? null,
    revision: session?.revision() ?? null,
    toldRevision: session?.toldRevision() ?? null,
    uptimeS: state?.uptimeS ?? null,
    load: state?.load ?? null,
    busy: state?.busy ?? null,
    memoryAvailableKiB: state?.memoryKiB.available ?? null,
    connections: state?.connections.count ?? null,
    denied: state ? deniedBy(state.counters, intent) : null,
    detector: state?.detector ?? null,
    signatures: state?.signatures ?? null,
    ...sizeOf(gateway, run),
  };
}

/** How many processors a gateway uses; what its host gives it while it has not said. */
export const processorsOf = ({ session, size }: Pick<ReportedRun, 'session' | 'size'>): number | undefined =>
  session?.state()?.processors ?? size?.vcpus;

/** A processor counts when the gateway uses it, memory when it has taken it. */
function sizeOf(gateway: IntentGateway, run: ReportedRun | undefined) {
  const size = run?.size;
  if (!size) return { vcpus: null, memoryMiB: null, maxVcpus: null, maxMemoryMiB: null, outgrown: false };
  const vcpus = processorsOf(run) ?? size.vcpus;
  return {
    vcpus,
    memoryMiB: Math.round(size.bootMiB + size.takenMiB),
    maxVcpus: size.maxVcpus,
    maxMemoryMiB: Math.round(size.bootMiB + size.moreMiB),
    outgrown: isOutgrown(size, gateway) || (run.isStuck && gateway.vcpus > vcpus),
  };
}

function phaseOf(run: ReportedRun | undefined, passes: boolean, available: AvailableImage): GatewayReport['phase'] {
  if (run && passes) return 'up';
  if (run?.patience.hasPassed()) return 'silent';
  if (run) return 'starting';
  return available.reason === null ? 'waiting' : 'failed';
}

/** Packets of rules that deny. */
function deniedBy(counters: readonly { rule: number; packets: number }[], { rules }: HostIntent): number {
  const allows = new Set(rules.filter(({ action }) => action !== 'deny').map(({ num }) => num));
  const isDenial = (num: number) => !allows.has(num) && num !== SYNTHETIC_RULES['same-tenant'];
  return counters.filter(({ rule }) => isDenial(rule)).reduce((sum, { packets }) => sum + packets, 0);
}

/** What is told at once when it changes: all but figures. */
export const stateOf = (reports: readonly GatewayReport[]): string =>
  JSON.stringify(
    reports.map(({ id, phase, reason, measurement, available, build, revision, detector, signatures, ...size }) => ({
      ...{ id, phase, reason, measurement, available, build, revision, detector, signatures },
      ...{ vcpus: size.vcpus, memoryMiB: size.memoryMiB, outgrown: size.outgrown },
    })),
  );
