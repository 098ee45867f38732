import { languageOf } from '@hypervigil/contract';
import type { ErrorCode } from '@hypervigil/model';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiFailure } from '../errors.ts';
import { isUnavailable } from '../state/database.ts';

/** Values that PostgreSQL cannot hold at all, such as the character NUL or a cursor with half an id in it. */
const UNSTORABLE = /^22(P02|P05|021|003|007|008)$/;

/** What Fastify refuses by itself. */
const FASTIFY_CODES = {
  400: 'malformed',
  404: 'no-such-address',
  413: 'too-large',
  414: 'malformed',
  415: 'unsupported-media-type',
  431: 'malformed',
} as const satisfies Readonly<Record<number, ErrorCode>>;

/** Every error leaves as an {@link ApiErrorBody} in the language of the request, whoever threw it. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => answer(request, reply, new ApiFailure('no-such-address', {})));
}

export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const failure = toFailure(error);
  if (failure.status >= 500) request.log.error({ err: error }, 'a request failed');
  else request.log.debug({ code: failure.code }, 'a request was refused');
  return answer(request, reply, failure);
}

function answer(request: FastifyRequest, reply: FastifyReply, failure: ApiFailure) {
  const language = languageOf(request.headers['accept-language']);
  reply.headers({ 'content-language': language, vary: 'Accept-Language' });
  if (failure.code === 'unavailable') reply.header('retry-after', '1');
  if (failure.code === 'too-many-requests' && 'seconds' in failure.params)
    reply.header('retry-after', String(failure.params.seconds));
  return reply.code(failure.status).send(failure.body(language, request.id));
}

function toFailure(error: FastifyError): ApiFailure {
  if (error instanceof ApiFailure) return error;
  if (isUnavailable(error)) return new ApiFailure('unavailable', {}, { cause: error });
  if (UNSTORABLE.test(error.code ?? '')) return new ApiFailure('unstorable', {}, { cause: error });
  const status = error.statusCode ?? 500;
  const isRefusal = status === 400 || error.code?.startsWith('FST_') === true;
  const code = isRefusal ? FASTIFY_CODES[status as keyof typeof FASTIFY_CODES] : undefined;
  return new ApiFailure(code ?? 'internal', {}, { cause: error });
}
