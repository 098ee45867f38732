import {
  type FieldMistake,
  type NotificationSecrets,
  type NotificationTarget,
  SECRET_NAMES,
  type SecretName,
  TARGET_SECRETS,
} from '@hypervigil/model';
import type { Vault } from '../ca/key-file.ts';
import { ApiFailure } from '../errors.ts';

/** What of a secret a kind of destination takes. */
const needOf = ({ kind }: NotificationTarget, name: SecretName): 'always' | 'if-username' | 'may' | undefined =>
  (TARGET_SECRETS[kind] as Partial<Record<SecretName, 'always' | 'if-username' | 'may'>>)[name];

export const sealSecrets = (vault: Vault, routeId: string, secrets: NotificationSecrets): Buffer =>
  vault.seal(Buffer.from(JSON.stringify(secrets)), aboutOf(routeId));

/** @throws StartError `bad-key-file` when they were sealed with another key, or for another route */
export const openSecrets = (vault: Vault, routeId: string, sealed: Buffer): NotificationSecrets =>
  JSON.parse(vault.open(sealed, aboutOf(routeId)).toString()) as NotificationSecrets;

const aboutOf = (routeId: string): string => `notification-route:${routeId}`;

/** Where a password goes: whoever may change a route must not be given its password by that. */
const receiverOf = (target: NotificationTarget): string =>
  target.kind === 'email'
    ? JSON.stringify([target.host, target.port, target.security, target.ca, target.username])
    : '';

interface Before {
  readonly target: NotificationTarget;
  readonly secrets: NotificationSecrets;
}

/**
 * The secrets that a route has from now on: what is given, and what it had and still has a use for.
 * @throws ApiFailure `invalid-request` for one that is missing, has no use, or would go to somebody else
 */
export function nextSecrets(
  target: NotificationTarget,
  given: NotificationSecrets,
  before: Before | undefined,
): NotificationSecrets {
  const next: NotificationSecrets = {};
  const mistakes: FieldMistake[] = [];
  const hasUser = target.kind === 'email' && target.username !== null;
  for (const name of SECRET_NAMES) {
    const field = `secrets.${name}`;
    const need = needOf(target, name);
    const isTaken = need !== undefined && (need !== 'if-username' || hasUser);
    const kept = before?.target.kind === target.kind ? before.secrets[name] : undefined;
    if (!isTaken) {
      if (given[name] !== undefined)
        mistakes.push({ field, code: 'secret-without-use', params: { kind: target.kind } });
      continue;
    }
    const isElsewhere = name === 'password' && before !== undefined && receiverOf(before.target) !== receiverOf(target);
    if (given[name] === undefined && kept !== undefined && isElsewhere)
      mistakes.push({ field, code: 'secret-again', params: {} });
    const value = given[name] ?? kept;
    if (value !== undefined) next[name] = value;
    else if (need !== 'may') mistakes.push({ field, code: 'missing', params: {} });
  }
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
  return next;
}

/** Where messages go, as people may read it: of an address, who has it. */
export function placeOf(target: NotificationTarget, { url }: NotificationSecrets): string {
  if (target.kind === 'email') return `${target.to.join(', ')} (${target.host}:${target.port})`;
  if (target.kind === 'syslog') return `${target.host}:${target.port}`;
  return url === undefined ? '' : new URL(url).origin;
}
