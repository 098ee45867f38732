import os from 'node:os';
import { isLibvirtError, type Libvirt } from '@hypervigil/libvirt';
import type { IntentGateway } from '@hypervigil/model';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { GATEWAY_NAMESPACE, gatewayChannel, gatewayDomainXml, madeFrom } from './domain.ts';
import type { ImageSource } from './image.ts';
import { createPatience, type Patience } from './patience.ts';
import { processorsOf, type ReportedRun } from './report.ts';
import type { GatewaySession } from './session.ts';
import { type DomainSize, isSized, resize, roomFor } from './size.ts';
import type { KeptGateways } from './stored.ts';

export type GatewayLibvirt = Pick<
  Libvirt,
  'domainByUuid' | 'metadata' | 'createXml' | 'destroy' | 'domainXml' | 'setVcpus' | 'updateDevice' | 'libVersion'
>;

/** What is known of a gateway whose domain runs. */
interface GatewayRun extends ReportedRun {
  session: GatewaySession | undefined;
  opening: boolean;
  reason: string | null;
  size: DomainSize | undefined;
  isStuck: boolean;
  /** Not before this is its size looked at again. */
  sizeFrom: number;
  readonly patience: Patience;
}

/** The domains of this host's gateways: each verified before it starts, of its size, and started anew when it is hopeless. */
export interface GatewayDomains {
  readonly running: ReadonlyMap<string, GatewayRun>;
  /** Finds or starts a gateway's domain, and sees to it. Rejects where it cannot be started. */
  ensure(lib: GatewayLibvirt, gateway: IntentGateway): Promise<void>;
  /** Ends those that were made here, and are none of these. */
  keepOnly(lib: GatewayLibvirt, ids: ReadonlySet<string>): Promise<void>;
}

interface DomainsDeps {
  readonly kept: KeptGateways;
  readonly image: ImageSource | null;
  readonly bridge: string;
  readonly domainType: 'kvm' | 'qemu';
  readonly runDir: string;
  /** Whether packets pass a gateway, by its number. */
  readonly passes: (num: number) => boolean;
  readonly log: Log;
}

/** A gateway that does not let go of a processor is asked again so much later. */
const REFUSED_MS = 30_000;

export function createGatewayDomains(deps: DomainsDeps): GatewayDomains {
  const { kept, image, bridge, domainType, runDir, passes, log } = deps;
  const running = new Map<string, GatewayRun>();

  const forget = (id: string): void => {
    running.get(id)?.session?.close();
    running.delete(id);
  };

  const ensureDomain = async (lib: GatewayLibvirt, gateway: IntentGateway): Promise<void> => {
    const { made, release } = kept.now();
    const found = await domainOf(lib, gateway.id);
    if (found) {
      if (!made.includes(gateway.id)) throw new Error(`A domain that is not ours has the id ${gateway.id}`);
      const from = madeFrom(await lib.metadata(found, 'element', GATEWAY_NAMESPACE).catch(() => ''));
      if (from && !running.has(gateway.id)) running.set(gateway.id, newRun(from.measurement, true));
      if (from?.epoch === gateway.epoch) return;
    } else forget(gateway.id);
    if (!image) return;
    // One that runs is not ended for one that may not.
    const verified = await image.verify(release);
    if (found) {
      await lib.destroy(found);
      forget(gateway.id);
    }
    if (!made.includes(gateway.id) || verified.release > release)
      await kept.save({ made: [...new Set([...made, gateway.id])], release: verified.release });
    const channel = gatewayChannel(runDir, gateway);
    const room = roomFor(gateway, { cpus: os.availableParallelism(), libVersion: await lib.libVersion() });
    await lib.createXml(gatewayDomainXml({ gateway, image: verified, bridge, channel, type: domainType, room }));
    const { measurement } = verified.manifest;
    running.set(gateway.id, newRun(measurement));
    log.info({ gateway: gateway.num, measurement, epoch: gateway.epoch }, 'a gateway was started');
  };

  const restartHopeless = async (lib: GatewayLibvirt, gateway: IntentGateway): Promise<void> => {
    const run = running.get(gateway.id);
    if (!run || passes(gateway.num) || !run.patience.isOver()) return;
    const found = await domainOf(lib, gateway.id);
    log.warn({ gateway: gateway.num }, 'a gateway that passes nothing is started anew');
    if (found) await lib.destroy(found);
    forget(gateway.id);
  };

  /** A group may have been given another size since the gateway was started. */
  const fit = async (lib: GatewayLibvirt, gateway: IntentGateway): Promise<void> => {
    const run = running.get(gateway.id);
    if (!run || (run.size && isSized(run.size, gateway, processorsOf(run))) || performance.now() < run.sizeFrom) return;
    const found = await domainOf(lib, gateway.id);
    if (!found) return;
    const { size, refused } = await resize(lib, found, gateway).catch((error: unknown) => ({
      size: run.size,
      refused: error,
    }));
    run.size = size;
    if (refused === undefined) return;
    run.isStuck = true;
    run.sizeFrom = performance.now() + REFUSED_MS;
    log.warn({ gateway: gateway.num, reason: describeError(refused) }, 'a gateway keeps its size');
  };

  return {
    running,
    async ensure(lib, gateway) {
      await ensureDomain(lib, gateway);
      await restartHopeless(lib, gateway);
      await fit(lib, gateway);
      const run = running.get(gateway.id);
      if (run) run.reason = null;
    },
    async keepOnly(lib, ids) {
      for (const id of kept.now().made.filter((one) => !ids.has(one))) {
        const found = await domainOf(lib, id);
        if (found) await lib.destroy(found);
        forget(id);
        await kept.save({ made: kept.now().made.filter((one) => one !== id) });
      }
    },
  };
}

const newRun = (measurement: string, isAdopted = false): GatewayRun => ({
  measurement,
  session: undefined,
  opening: false,
  reason: null,
  size: undefined,
  isStuck: false,
  sizeFrom: 0,
  patience: createPatience(() => performance.now(), isAdopted),
});

async function domainOf(lib: GatewayLibvirt, id: string) {
  try {
    return await lib.domainByUuid(id);
  } catch (error) {
    if (isLibvirtError(error, 'no-domain')) return undefined;
    throw error;
  }
}
