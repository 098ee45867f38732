import { statSync } from 'node:fs';
import path from 'node:path';

/**
 * The user that the switch runs as: who owns the socket by which the bridge is programmed. Undefined while there is none.
 * @param runDir where ovs-vswitchd keeps its sockets
 */
export function switchUser(runDir: string, bridge: string): number | undefined {
  return statSync(path.join(runDir, `${bridge}.mgmt`), { throwIfNoEntry: false })?.uid;
}
