import https from 'node:https';
import type { Fetch } from '@hypervigil/contract';

export interface PlatformTrust {
  /** PEM. */
  readonly ca: string;
  readonly key?: string;
  readonly certificate?: string;
}

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** `fetch` towards one platform that trusts its authority only, and shows the host's certificate where there is one. */
export function createPlatformFetch(platform: string, trust: PlatformTrust): Fetch {
  return (url, { method, headers, body }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const request = https.request(
      new URL(url, platform),
      {
        method: method ?? 'GET',
        headers: headers as Record<string, string>,
        agent: false,
        timeout: TIMEOUT_MS,
        minVersion: 'TLSv1.3',
        ca: trust.ca,
        key: trust.key,
        cert: trust.certificate,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) answer.destroy(new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`));
          else chunks.push(chunk);
        });
        answer.once('error', reject);
        answer.once('end', () => resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 500 })));
      },
    );
    request.once('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
    request.once('error', reject);
    request.end(body);
    return promise;
  };
}
