import type { FlowView } from '@hypervigil/model';
import { Refused } from './errors.ts';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, uuid } from './make.ts';

const OWNER = { ownerId: uuid('user', 1), ownerName: 'admin', tenantId: null };

/** A view of somebody else's that is shared, and those that are saved. */
export function flowViewHandlers({ data, events, next }: State): Handlers {
  let views: FlowView[] = [];
  if (data.tenants.length > 0)
    views = [
      {
        ...{ id: uuid('flow-view', 1), name: 'denied', ownerId: uuid('user', 2), ownerName: 'lin', tenantId: null },
        ...{ shared: true, filter: 'verdict = deny and time > -6h', window: null, groupBy: 'dst.port', thenBy: null },
        ...{ order: 'flows', columns: [], revision: 0, changedAt: ago(HOUR) },
      },
    ];
  const told = () => events.emit({ kind: 'changed', what: 'flow-views' });
  return {
    listFlowViews: ({ query }) => page(views, query),
    getFlowView: ({ params }) => find(views, params.id),
    createFlowView: ({ body }) => {
      if (views.some(({ name, ownerId }) => name === body.name && ownerId === OWNER.ownerId))
        throw new Refused('name-taken', { what: 'flow-view', field: 'name' });
      const view: FlowView = { ...body, ...OWNER, id: uuid('flow-view', next()), revision: 0, changedAt: ago(0) };
      views = [...views, view];
      told();
      return view;
    },
    updateFlowView: ({ params, body }) => {
      const view: FlowView = { ...find(views, params.id), ...body, revision: body.revision + 1 };
      views = views.map((one) => (one.id === view.id ? view : one));
      told();
      return view;
    },
    deleteFlowView: ({ params }) => {
      views = views.filter(({ id }) => id !== params.id);
      told();
      return undefined;
    },
  };
}
