import { api, createClient } from '@hypervigil/contract';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Identity, renewalTime, saveIdentity } from './identity.ts';
import { createPlatformFetch } from './platform-fetch.ts';
import { createKeyAndRequest } from './request.ts';

export interface IdentityHolder {
  current(): Identity;
  stop(): void;
}

interface RenewalDeps {
  readonly stateDir: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Often enough for certificates of an hour; `setTimeout` cannot wait for months. */
const CHECK_INTERVAL_MS = 60_000;

/** Keeps an identity fresh: a new key and certificate once two thirds of the old one's life are over. */
export function keepRenewed(first: Identity, { stateDir, log, now }: RenewalDeps): IdentityHolder {
  let identity = first;
  let renewing = false;
  const check = async (): Promise<void> => {
    if (renewing || now() < renewalTime(identity.certificate)) return;
    renewing = true;
    try {
      identity = await renew(identity);
      await saveIdentity(stateDir, identity);
      log.info('certificate renewed');
    } catch (error) {
      log.warn({ reason: describeError(error) }, 'the certificate could not be renewed yet');
    } finally {
      renewing = false;
    }
  };
  void check();
  const timer = setInterval(() => void check(), CHECK_INTERVAL_MS);
  timer.unref();
  return { current: () => identity, stop: () => clearInterval(timer) };
}

async function renew(identity: Identity): Promise<Identity> {
  const { key, csr } = createKeyAndRequest(identity.hostName);
  const client = createClient(api, createPlatformFetch(identity.platform, identity));
  return { ...identity, key, ...(await client.renewCertificate({ body: { csr } })) };
}
