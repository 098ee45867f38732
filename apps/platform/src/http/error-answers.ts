import { STATUS_CODES } from 'node:http';
import { type ApiErrorBody, ERROR_STATUS, type ErrorCode } from '@hypervigil/model';
import type { FastifyError, FastifyInstance } from 'fastify';
import { ApiFailure } from '../errors.ts';
import { isUnavailable } from '../state/database.ts';

/** Values that PostgreSQL cannot hold at all, such as the character NUL or a cursor with half an id in it. */
const UNSTORABLE = /^22(P02|P05|021|003|007|008)$/;

const FASTIFY_CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid-request',
  404: 'not-found',
  413: 'too-large',
  414: 'invalid-request',
  415: 'unsupported-media-type',
  431: 'invalid-request',
};

/** Every error leaves as an {@link ApiErrorBody}, whoever threw it. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const failure = toFailure(error);
    if (failure.status >= 500) request.log.error({ err: error }, 'a request failed');
    else request.log.debug({ code: failure.code }, 'a request was refused');
    if (failure.code === 'unavailable') reply.header('retry-after', '1');
    return reply.code(failure.status).send(bodyOf(failure, request.id));
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(bodyOf(new ApiFailure('not-found', 'There is nothing at this address.'), request.id)),
  );
}

function bodyOf(failure: ApiFailure, requestId: string): ApiErrorBody {
  const { code, message, params, problems } = failure;
  return { code, message, params, problems: [...problems], requestId };
}

function toFailure(error: FastifyError): ApiFailure {
  if (error instanceof ApiFailure) return error;
  if (isUnavailable(error))
    return new ApiFailure('unavailable', 'The database is away. Try again in a moment.', { cause: error });
  if (UNSTORABLE.test(error.code ?? ''))
    return new ApiFailure('invalid-request', 'The request holds a value that cannot be stored.', { cause: error });
  const code = error.code?.startsWith('FST_') ? FASTIFY_CODES[error.statusCode ?? 500] : undefined;
  if (code !== undefined)
    return new ApiFailure(code, error.message || (STATUS_CODES[ERROR_STATUS[code]] ?? code), { cause: error });
  if (error.statusCode === 400) return new ApiFailure('invalid-request', error.message, { cause: error });
  return new ApiFailure(
    'internal',
    'Something failed that should not. The log has the details under this request id.',
    {
      cause: error,
    },
  );
}
