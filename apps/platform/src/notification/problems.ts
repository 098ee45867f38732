import type { DeliveryProblem } from '@hypervigil/model';
import { SmtpError } from '@hypervigil/smtp';
import { ForbiddenAddress } from '../outward/guard.ts';

/** A message did not arrive: why, what the other side said, and how long it wants to be left alone. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure';
  readonly problem: DeliveryProblem;
  readonly answer: string | null;
  readonly retryAfterMs: number;
  constructor(
    problem: DeliveryProblem,
    { answer = null, retryAfterMs = 0, cause }: { answer?: string | null; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(problem.code, { cause });
    this.problem = problem;
    this.answer = answer;
    this.retryAfterMs = retryAfterMs;
  }
}

const UNRESOLVED = /^(ENOTFOUND|EAI_AGAIN)$/;
/** What OpenSSL and Node.js say of a certificate that they do not trust, or that is of somebody else. */
const BAD_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH/;
const NOT_UNDERSTOOD = /^(HPE_|EPROTO$|ERR_SSL_|ERR_TLS_)/;

/** Why it failed, of whatever was thrown while it was sent. */
export function failureOf(
  error: unknown,
  host: string,
  timeout: { isOver: boolean; seconds: number },
): DeliveryFailure {
  if (error instanceof DeliveryFailure) return error;
  const { problem, answer } = reasonOf(error, host, timeout);
  return new DeliveryFailure(problem, { answer: answer ?? null, cause: error });
}

function reasonOf(
  error: unknown,
  host: string,
  { isOver, seconds }: { isOver: boolean; seconds: number },
): { problem: DeliveryProblem; answer?: string } {
  if (error instanceof ForbiddenAddress)
    return { problem: { code: 'forbidden-address', params: { host: error.host, address: error.address } } };
  if (isOver) return { problem: { code: 'timeout', params: { seconds } } };
  if (error instanceof SmtpError) return ofSmtp(error, host);
  const { code = 'error' } = error as NodeJS.ErrnoException;
  if (UNRESOLVED.test(code)) return { problem: { code: 'unresolved', params: { host } } };
  if (BAD_CERTIFICATE.test(code)) return { problem: { code: 'bad-certificate', params: { host, reason: code } } };
  if (NOT_UNDERSTOOD.test(code)) return { problem: { code: 'not-understood', params: { answer: code } } };
  return { problem: { code: 'unreachable', params: { host, reason: code } } };
}

function ofSmtp({ code, answer }: SmtpError, host: string): { problem: DeliveryProblem; answer?: string } {
  switch (code) {
    case 'refused':
      return { problem: { code: 'refused', params: { answer } }, answer };
    case 'not-smtp':
      return { problem: { code: 'not-understood', params: { answer } }, answer };
    case 'closed':
      return { problem: { code: 'unreachable', params: { host, reason: 'ECONNRESET' } } };
    case 'no-starttls':
    case 'no-sign-in':
      return { problem: { code, params: {} } };
  }
}
