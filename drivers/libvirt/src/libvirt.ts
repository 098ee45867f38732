import { blockOperations } from './operations/block.ts';
import { consoleOperations } from './operations/console.ts';
import { deviceOperations } from './operations/devices.ts';
import { domainDefinitionOperations } from './operations/domain-definition.ts';
import { domainLifecycleOperations } from './operations/domain-lifecycle.ts';
import { domainLookupOperations } from './operations/domain-lookup.ts';
import { domainStateOperations } from './operations/domain-state.ts';
import { eventOperations } from './operations/events.ts';
import { guestOperations } from './operations/guest.ts';
import { hostOperations } from './operations/host.ts';
import { interfaceOperations } from './operations/interface.ts';
import { migrationOperations } from './operations/migrate.ts';
import { migrationStepOperations } from './operations/migration-steps.ts';
import { networkOperations } from './operations/networks.ts';
import type { Rpc } from './operations/rpc.ts';
import { secretOperations } from './operations/secrets.ts';
import { statsOperations } from './operations/stats.ts';
import { storagePoolOperations } from './operations/storage-pools.ts';
import { storageVolumeOperations } from './operations/storage-volumes.ts';
import { tuningOperations } from './operations/tuning.ts';
import type { CallOptions, Session } from './session.ts';

type Operations = ReturnType<typeof hostOperations> &
  ReturnType<typeof domainLookupOperations> &
  ReturnType<typeof domainStateOperations> &
  ReturnType<typeof domainLifecycleOperations> &
  ReturnType<typeof domainDefinitionOperations> &
  ReturnType<typeof deviceOperations> &
  ReturnType<typeof statsOperations> &
  ReturnType<typeof blockOperations> &
  ReturnType<typeof consoleOperations> &
  ReturnType<typeof guestOperations> &
  ReturnType<typeof interfaceOperations> &
  ReturnType<typeof migrationOperations> &
  ReturnType<typeof migrationStepOperations> &
  ReturnType<typeof networkOperations> &
  ReturnType<typeof secretOperations> &
  ReturnType<typeof storagePoolOperations> &
  ReturnType<typeof storageVolumeOperations> &
  ReturnType<typeof tuningOperations> &
  ReturnType<typeof eventOperations>;

/** A connection to one libvirt daemon with every operation. Each rejects with `LibvirtError`. */
export interface Libvirt extends Operations {
  /** The address as it was given to `connectLibvirt`. */
  readonly uri: string;
  /** Settles when the connection is over: with nothing after `close()`, with the reason otherwise. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  close(): Promise<void>;
  /** The same connection with a time limit or a signal on each of its calls. */
  with(options: CallOptions): Libvirt;
}

/** What the connection is, beside what it does. */
export interface ConnectionFacts {
  uri: string;
  isSecure: boolean;
  close(): Promise<void>;
}

export function composeLibvirt(session: Session, { uri, isSecure, close }: ConnectionFacts): Libvirt {
  const events = eventOperations(rpcOf(session, isSecure, {}));
  const compose = (options: CallOptions): Libvirt => {
    const rpc = rpcOf(session, isSecure, options);
    return Object.freeze({
      uri,
      closed: session.closed,
      close,
      with: (more: CallOptions) => compose({ ...options, ...more }),
      ...hostOperations(rpc),
      ...domainLookupOperations(rpc),
      ...domainStateOperations(rpc),
      ...domainLifecycleOperations(rpc),
      ...domainDefinitionOperations(rpc),
      ...deviceOperations(rpc),
      ...statsOperations(rpc),
      ...blockOperations(rpc),
      ...consoleOperations(rpc),
      ...guestOperations(rpc),
      ...interfaceOperations(rpc),
      ...migrationOperations(rpc),
      ...migrationStepOperations(rpc),
      ...networkOperations(rpc),
      ...secretOperations(rpc),
      ...storagePoolOperations(rpc),
      ...storageVolumeOperations(rpc),
      ...tuningOperations(rpc),
      ...events,
    });
  };
  return compose({});
}

function rpcOf(session: Session, isSecure: boolean, options: CallOptions): Rpc {
  return {
    isSecure,
    call: (procedure, args) => session.call(procedure, args, options),
    openStream: (procedure, args) => session.openStream(procedure, args, options),
    onMessage: (message, listener) => session.onMessage(message, listener),
  };
}
