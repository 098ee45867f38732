import * as exporters from '../exporters/exporters.ts';
import { listStrangers } from '../exporters/strangers.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** Who beside the hosts is believed what it tells of flows. */
export function exportersHandlers({ db }: HandlerDeps) {
  return {
    listExporters: ({ query }) => exporters.listExporters(db, query),
    getExporter: ({ params }) => exporters.getExporter(db, params.id),
    createExporter: ({ body, call }) => exporters.createExporter(db, call.actor, body),
    updateExporter: ({ params, body, call }) => exporters.updateExporter(db, call.actor, params.id, body),
    async deleteExporter({ params, call }) {
      await exporters.deleteExporter(db, call.actor, params.id);
      return undefined;
    },
    listStrangers: () => listStrangers(db),
  } satisfies Part;
}
