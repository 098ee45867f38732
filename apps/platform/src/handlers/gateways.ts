import { cutCapture, cutList, cutMirror } from '../access/cut.ts';
import * as gateways from '../gateways/gateways.ts';
import * as gatewayGroups from '../gateways/groups.ts';
import { RECOGNISABLE } from '../gateways/recognition.ts';
import * as captures from '../mirrors/captures.ts';
import * as mirrors from '../mirrors/mirrors.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** Gateways, mirrors to them, and captures. */
export function gatewaysHandlers(deps: HandlerDeps) {
  const { db } = deps;
  return {
    listGatewayGroups: ({ query, access }) =>
      gatewayGroups.listGatewayGroups(db, query, access.owned('gateway-group:read', 'tenant_id')),
    getGatewayGroup: ({ params }) => gatewayGroups.getGatewayGroup(db, params.id),
    createGatewayGroup: ({ body, call }) => gatewayGroups.createGatewayGroup(db, call.actor, body),
    updateGatewayGroup: ({ params, body, call }) => gatewayGroups.updateGatewayGroup(db, call.actor, params.id, body),
    upgradeGatewayGroup: ({ params, call }) => gatewayGroups.upgradeGatewayGroup(db, call.actor, params.id),
    async deleteGatewayGroup({ params, call }) {
      await gatewayGroups.deleteGatewayGroup(db, call.actor, params.id);
      return undefined;
    },
    listRecognisable: async () => ({ items: RECOGNISABLE }),
    listGateways: () => gateways.listGateways(db),
    getGateway: ({ params }) => gateways.getGateway(db, params.id),
    restartGateway: ({ params, call }) => gateways.restartGateway(db, call.actor, params.id),
    replaceGateway: ({ params, call }) => gateways.replaceGateway(db, call.actor, params.id),
    drainGateway: ({ params, body, call }) => gateways.drainGateway(db, call.actor, params.id, body.drain),
    listMirrors: async ({ query, access }) =>
      cutList(
        cutMirror(access),
        await mirrors.listMirrors(db, query, access.owned('mirror:read', 'mirrors.tenant_id')),
      ),
    getMirror: async ({ params, access }) => cutMirror(access)(await mirrors.getMirror(db, params.id)),
    createMirror: async ({ body, call, access }) => cutMirror(access)(await mirrors.createMirror(db, call.actor, body)),
    updateMirror: async ({ params, body, call, access }) =>
      cutMirror(access)(await mirrors.updateMirror(db, call.actor, params.id, body)),
    async deleteMirror({ params, call }) {
      await mirrors.deleteMirror(db, call.actor, params.id);
      return undefined;
    },
    startCapture: async ({ params, body, call, access }) =>
      cutCapture(access)(await captures.startCapture(db, call.actor, params.id, body)),
    listCaptures: async ({ query, access }) =>
      cutList(
        cutCapture(access),
        await captures.listCaptures(db, query.mirrorId, access.owned('capture:list', 'mirrors.tenant_id')),
      ),
    getCapture: async ({ params, access }) => cutCapture(access)(await captures.getCapture(db, params.id)),
    stopCapture: async ({ params, call, access }) =>
      cutCapture(access)(await captures.stopCapture(db, call.actor, params.id)),
    async deleteCapture({ params, call }) {
      await captures.deleteCapture(db, call.actor, params.id);
      return undefined;
    },
    readCapture: ({ params, query, call }) => deps.captures.read(call.actor, params, query.offset),
  } satisfies Part;
}
