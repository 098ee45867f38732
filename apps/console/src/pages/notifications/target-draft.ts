import {
  type NotificationKind,
  type NotificationRoute,
  type NotificationSecrets,
  type NotificationTarget,
  type PayloadFormat,
  SECRET_NAMES,
  type SecretName,
} from '@hypervigil/model';
import { linesOf } from '../../ui/lines.ts';

/** A destination while somebody writes it: the fields of every kind, as text. */
export interface TargetDraft {
  readonly kind: NotificationKind;
  readonly host: string;
  readonly port: string;
  readonly security: 'starttls' | 'tls' | 'none';
  readonly ca: string;
  readonly username: string;
  readonly from: string;
  readonly to: string;
  readonly format: PayloadFormat;
  readonly secrets: Readonly<Record<SecretName, string>>;
}

const USUAL_PORT: Partial<Record<NotificationKind, string>> = { email: '587', syslog: '6514' };
const NOTHING = { host: '', port: '', ca: '', username: '', from: '', to: '', format: 'json' } as const;
const NO_SECRETS = { url: '', key: '', password: '' };

/** An empty draft of a kind. */
export const draftOfKind = (kind: NotificationKind): TargetDraft => ({
  ...{ ...NOTHING, kind, secrets: NO_SECRETS },
  port: USUAL_PORT[kind] ?? '',
  security: kind === 'email' ? 'starttls' : 'tls',
});

export function draftOf(route: NotificationRoute | undefined): TargetDraft {
  if (route === undefined) return draftOfKind('email');
  const { kind, ...target } = route.target;
  const draft = draftOfKind(kind);
  const texts = Object.entries(target).map(([field, value]) => [
    field,
    Array.isArray(value) ? value.join('\n') : String(value ?? ''),
  ]);
  return { ...draft, ...(Object.fromEntries(texts) as Partial<TargetDraft>) };
}

/** What the draft says; the platform tells what is wrong with it. */
export function targetOf({
  kind,
  host,
  port,
  security,
  ca,
  username,
  from,
  to,
  format,
}: TargetDraft): NotificationTarget {
  const certificates = ca.trim() === '' ? null : ca.trim();
  const server = { host: host.trim(), port: Number(port), ca: certificates };
  switch (kind) {
    case 'email': {
      const name = username.trim() === '' ? null : username.trim();
      return { kind, ...server, security, username: name, from: from.trim(), to: [...linesOf(to)] };
    }
    case 'syslog':
      return { kind, ...server, security: security === 'none' ? 'none' : 'tls', format };
    case 'webhook':
      return { kind, ca: certificates, format };
    default:
      return { kind };
  }
}

/** What is left empty stays as it is. */
export const secretsOf = ({ secrets }: TargetDraft): NotificationSecrets =>
  Object.fromEntries(SECRET_NAMES.flatMap((name) => (secrets[name] === '' ? [] : [[name, secrets[name]]])));
