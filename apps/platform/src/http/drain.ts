import type { FastifyInstance } from 'fastify';

const IDLE_MS = 50;
const GRACE_MS = 5_000;

/**
 * Takes no new connections, lets answers that are under way finish, and closes each connection when it is idle:
 * a browser would keep one open for as long as we let it.
 */
export async function drain(app: FastifyInstance): Promise<void> {
  const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_MS);
  const grace = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(grace);
  }
}
