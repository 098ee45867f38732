import { ApiErrorBody, ERROR_STATUS } from '@hypervigil/model';
import { z } from 'zod';
import type { Endpoint, EndpointTable } from './endpoint.ts';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
};

function parameters(endpoint: Endpoint): Json[] {
  const of = (place: 'path' | 'query', object: z.ZodObject | undefined) =>
    Object.entries(object?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: place,
      required: place === 'path' || !(schema as z.ZodType).safeParse(undefined).success,
      schema: schemaOf(schema as z.ZodType, 'input'),
    }));
  return [...of('path', endpoint.params), ...of('query', endpoint.query)];
}

function answer(endpoint: Endpoint): Json {
  if (endpoint.produces !== undefined)
    return { description: 'Done', content: { [endpoint.produces]: { schema: { type: 'string' } } } };
  if (endpoint.response === undefined) return { description: 'Done' };
  return { description: 'Done', content: { 'application/json': { schema: schemaOf(endpoint.response, 'output') } } };
}

function operation(id: string, endpoint: Endpoint): Json {
  const status = endpoint.status ?? (endpoint.response === undefined && endpoint.produces === undefined ? 204 : 200);
  return {
    operationId: id,
    summary: endpoint.summary,
    security: endpoint.caller === 'public' ? [] : [{ [endpoint.caller]: [] }],
    ...(endpoint.params === undefined && endpoint.query === undefined ? {} : { parameters: parameters(endpoint) }),
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } },
          },
        }),
    responses: { [status]: answer(endpoint), default: { $ref: '#/components/responses/Error' } },
  };
}

/** The tables as an OpenAPI 3.1 document. */
export function openapi(table: EndpointTable, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [id, endpoint] of Object.entries(table)) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operation(id, endpoint) };
  }
  const codes = Object.entries(ERROR_STATUS).map(([code, status]) => `${status} \`${code}\``);
  return {
    openapi: '3.1.0',
    info: { title: 'Hypervigil', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      securitySchemes: {
        person: { type: 'apiKey', in: 'cookie', name: 'hv_session' },
        engine: { type: 'mutualTLS' },
      },
      responses: {
        Error: {
          description: `An error: ${codes.join(', ')}`,
          content: { 'application/json': { schema: schemaOf(ApiErrorBody, 'output') } },
        },
      },
    },
  };
}
