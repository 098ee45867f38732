import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartError } from '../errors.ts';

/** @throws StartError `bad-listener` when the address is taken or not ours */
export async function listenOn(app: FastifyInstance, host: string, port: number): Promise<void> {
  await app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EADDRINUSE' ? 'another program listens there' : cause.message;
    throw new StartError('bad-listener', `Cannot listen on ${host}:${port}: ${why}. Choose another address or port.`, {
      cause,
    });
  });
}

/**
 * Listens on a unix socket that only its owner may open, from its first moment.
 * @throws StartError `bad-listener` when another platform answers there
 */
export async function listenOnSocket(app: FastifyInstance, path: string): Promise<string> {
  if (await answers(path))
    throw new StartError('bad-listener', `Another platform answers on ${path}. Stop it, or choose another --run-dir.`);
  await rm(path, { force: true });
  const mask = process.umask(0o177);
  try {
    await app.listen({ path });
  } finally {
    process.umask(mask);
  }
  return path;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
