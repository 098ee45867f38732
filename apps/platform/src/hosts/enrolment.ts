import { randomUUID } from 'node:crypto';
import type { Enrolment } from '@hypervigil/contract';
import type { Authority } from '../ca/authority.ts';
import { issueHostCertificate } from '../ca/issue.ts';
import { ApiFailure } from '../errors.ts';
import type { Throttle } from '../identity/throttle.ts';
import { hashToken, randomToken } from '../identity/tokens.ts';
import { brokenConstraint, type Database } from '../state/database.ts';
import { type Actor, recordRefusal, transact, type Work } from '../state/work.ts';

type Row = {
  id: string;
  host_name: string;
  created_by: string;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
};

export function toEnrolment(row: Row): Enrolment {
  return {
    id: row.id,
    hostName: row.host_name,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    usedAt: row.used_at?.toISOString() ?? null,
  };
}

/** A token that makes one host a member, once. Only its hash is kept. */
export async function createEnrolment(
  db: Database,
  actor: Actor,
  input: { hostName: string; validSeconds: number },
): Promise<{ enrolment: Enrolment; token: string }> {
  // With a letter in front, or one in 64 would look like an option on the command line.
  const token = `hv-${randomToken()}`;
  const enrolment = await transact(db, actor, async ({ tx, audit, changed }) => {
    await requireFreeName(tx, input.hostName);
    const row = await tx
      .insertInto('enrolments')
      .values({
        id: randomUUID(),
        token_hash: hashToken(token),
        host_name: input.hostName,
        created_by: actor.name,
        expires_at: new Date(Date.now() + input.validSeconds * 1000),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    audit({ action: 'enrolment.created', subject: `enrolment:${row.id}`, params: input });
    changed('enrolments');
    return toEnrolment(row);
  });
  return { enrolment, token };
}

export interface Joined {
  readonly hostId: string;
  readonly hostName: string;
  readonly certificate: string;
}

/**
 * A host joins with its token.
 * @throws ApiFailure `token-invalid`, `token-used`, `token-expired` (recorded), `too-many-requests`, `name-taken`, `invalid-request`
 */
export async function enrol(
  deps: { db: Database; authority: Authority; certificateDays: number; throttle: Throttle },
  input: { token: string; csr: string },
  call: Actor & { source: string },
): Promise<Joined> {
  try {
    return await transact(deps.db, { name: 'enrolment', requestId: call.requestId }, async (work) => {
      const enrolment = await takeToken(work, input.token);
      const host = { id: randomUUID(), days: deps.certificateDays };
      const issued = await issueHostCertificate(deps.authority, input.csr, host);
      await requireFreeName(work.tx, enrolment.host_name);
      await work.tx
        .insertInto('hosts')
        .values({ id: host.id, name: enrolment.host_name, certificate_expires_at: issued.notAfter })
        .execute();
      await rememberCertificate(work, host.id, issued);
      work.audit({
        action: 'host.enrolled',
        subject: `host:${host.id}`,
        params: { name: enrolment.host_name, source: call.source },
      });
      work.changed('host', host.id);
      work.changed('enrolments');
      return { hostId: host.id, hostName: enrolment.host_name, certificate: issued.pem };
    });
  } catch (error) {
    if (brokenConstraint(error) === 'hosts_name_key') throw nameTaken();
    if (error instanceof ApiFailure && error.code.startsWith('token-')) {
      // A refusal is recorded for good, and nobody has to sign in to cause one. Each has its own name: hosts that share
      // an address share a limit, and tokens are too long to guess.
      await deps.throttle.begin(call.source, `enrolment ${call.requestId}`);
      await recordRefusal(deps.db, call, {
        action: 'host.enrol',
        subject: 'enrolment',
        params: { code: error.code, source: call.source },
      });
    }
    throw error;
  }
}

/** @returns a new certificate for the same host */
export async function renew(
  deps: { db: Database; authority: Authority; certificateDays: number },
  hostId: string,
  csr: string,
  actor: Actor,
): Promise<string> {
  const issued = await issueHostCertificate(deps.authority, csr, { id: hostId, days: deps.certificateDays });
  await transact(deps.db, actor, async (work) => {
    await rememberCertificate(work, hostId, issued);
    await work.tx
      .updateTable('hosts')
      .set({ certificate_expires_at: issued.notAfter })
      .where('id', '=', hostId)
      .execute();
    work.audit({ action: 'host.certificate.renewed', subject: `host:${hostId}`, params: { serial: issued.serial } });
    work.changed('host', hostId);
  });
  return issued.pem;
}

async function takeToken({ tx }: Work, token: string) {
  const row = await tx
    .selectFrom('enrolments')
    .selectAll()
    .where('token_hash', '=', hashToken(token))
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new ApiFailure('token-invalid', {});
  if (row.used_at !== null) throw new ApiFailure('token-used', {});
  if (row.expires_at.getTime() <= Date.now()) throw new ApiFailure('token-expired', {});
  await tx.updateTable('enrolments').set({ used_at: new Date() }).where('id', '=', row.id).execute();
  return row;
}

async function rememberCertificate({ tx }: Work, hostId: string, issued: { serial: string; notAfter: Date }) {
  await tx
    .insertInto('certificates')
    .values({ serial: issued.serial, host_id: hostId, expires_at: issued.notAfter })
    .execute();
}

async function requireFreeName(tx: Work['tx'], name: string): Promise<void> {
  const taken = await tx
    .selectFrom('hosts')
    .select('id')
    .where('name', '=', name)
    .where('revoked', '=', false)
    .executeTakeFirst();
  if (taken !== undefined) throw nameTaken();
}

const nameTaken = () => new ApiFailure('name-taken', { what: 'host', field: 'hostName' });
