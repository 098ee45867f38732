import type { NotificationSecrets } from '@hypervigil/model';
import type { Message } from '@hypervigil/notify';
import type { Block } from '@hypervigil/policy';
import type { Vault } from '../ca/key-file.ts';
import type { RouteRow } from './messages.ts';
import { DeliveryFailure, failureOf } from './problems.ts';
import { openSecrets } from './secrets.ts';
import { receiverHost, send } from './send.ts';

export interface Delivering {
  readonly vault: Vault;
  /** Special addresses to which messages of the provider's routes, and of tenants', may go. */
  readonly allowed: { readonly provider: readonly Block[]; readonly tenants: readonly Block[] };
  /** Of the console. */
  publicUrl(): string;
}

/** Of the whole try, connecting included. */
const SEND_SECONDS = 15;

/**
 * One try to hand a message to a route's destination.
 * @returns what the other side said, where it says anything
 * @throws DeliveryFailure
 */
export async function deliver(
  { vault, allowed }: Delivering,
  route: Pick<RouteRow, 'id' | 'tenant_id' | 'target' | 'language' | 'secrets'>,
  message: Message,
  stopped?: AbortSignal,
): Promise<string | null> {
  const { target, language } = route;
  const destination = {
    ...{ target, language, secrets: secretsOf(vault, route) },
    allowed: route.tenant_id === null ? allowed.provider : allowed.tenants,
  };
  const timeout = AbortSignal.timeout(SEND_SECONDS * 1000);
  const signal = stopped === undefined ? timeout : AbortSignal.any([timeout, stopped]);
  try {
    return await send(message, destination, signal);
  } catch (error) {
    throw failureOf(error, receiverHost(destination), { isOver: timeout.aborted, seconds: SEND_SECONDS });
  }
}

function secretsOf(vault: Vault, { id, secrets }: Pick<RouteRow, 'id' | 'secrets'>): NotificationSecrets {
  try {
    return openSecrets(vault, id, secrets);
  } catch (cause) {
    throw new DeliveryFailure({ code: 'unreadable-secrets', params: {} }, { cause });
  }
}
