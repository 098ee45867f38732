import * as views from '../flows/views.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** Questions about flows that people keep. */
export function flowViewsHandlers({ db }: HandlerDeps) {
  return {
    listFlowViews: ({ query, person }) => views.listViews(db, person, query),
    getFlowView: ({ params, person }) => views.getView(db, person, params.id),
    createFlowView: ({ body, call, access }) => views.createView(db, call.actor, access, body),
    updateFlowView: ({ params, body, call, access }) => views.updateView(db, call.actor, access, params.id, body),
    async deleteFlowView({ params, call, access }) {
      await views.deleteView(db, call.actor, access, params.id);
      return undefined;
    },
  } satisfies Part;
}
