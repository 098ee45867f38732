import { type Gateway, type InspectLink, linksOf } from '@hypervigil/model';
import { Refused } from './errors.ts';
import { find, type Handlers, page, type State } from './handlers.ts';
import { uuid } from './make.ts';

export function gatewayHandlers({ data, events, next }: State): Handlers {
  const told = () => events.emit({ kind: 'changed', what: 'gateways' });
  const change = (id: string, to: Partial<Gateway>): Gateway => {
    const gateway = { ...find(data.gateways, id), ...to };
    data.gateways = data.gateways.map((one) => (one.id === id ? gateway : one));
    told();
    return gateway;
  };
  return {
    listGatewayGroups: ({ query }) => page(data.gatewayGroups, query),
    getGatewayGroup: ({ params }) => find(data.gatewayGroups, params.id),
    createGatewayGroup: ({ body }) => {
      const num = next();
      const maxPerHost = body.maxPerHost ?? body.perHost;
      const group = {
        ...body,
        maxPerHost,
        id: uuid('gateway-group', num),
        num,
        revision: 1,
        changedAt: new Date().toISOString(),
      };
      data.gatewayGroups.push(group);
      told();
      return group;
    },
    updateGatewayGroup: ({ params, body }) => {
      const maxPerHost = body.maxPerHost ?? body.perHost;
      const group = {
        ...find(data.gatewayGroups, params.id),
        ...body,
        maxPerHost,
        changedAt: new Date().toISOString(),
      };
      data.gatewayGroups = data.gatewayGroups.map((one) => (one.id === group.id ? group : one));
      told();
      return group;
    },
    upgradeGatewayGroup: ({ params }) => {
      const old = data.gateways.filter(({ groupId, drift }) => groupId === params.id && drift.includes('image'));
      for (const { id } of old) change(id, { replacedBy: uuid('gateway', next()) });
      return { gateways: old.length };
    },
    deleteGatewayGroup: ({ params }) => {
      for (const { name, rules } of data.draft)
        for (const rule of rules)
          if (rule.inspect && linksOf<InspectLink>(rule.inspect).some(({ groupId }) => groupId === params.id))
            throw new Refused('named-by-rule', { what: 'gateway-group', policy: name, rule: rule.name });
      data.gatewayGroups = data.gatewayGroups.filter(({ id }) => id !== params.id);
      data.gateways = data.gateways.filter(({ groupId }) => groupId !== params.id);
      told();
      return undefined;
    },
    listRecognisable: () => ({ items: [] }),
    listGateways: () => ({ items: data.gateways }),
    getGateway: ({ params }) => find(data.gateways, params.id),
    restartGateway: ({ params }) => change(params.id, { epoch: find(data.gateways, params.id).epoch + 1 }),
    replaceGateway: ({ params }) => {
      const { num: _, ...old } = find(data.gateways, params.id);
      const num = next();
      const id = uuid('gateway', num);
      data.gateways.push({ ...old, id, num, report: null, drift: [], lastSeenAt: null });
      return change(params.id, { replacedBy: id });
    },
    drainGateway: ({ params, body }) => change(params.id, body),
  };
}
