import * as playbooks from '../playbooks/playbooks.ts';
import { listRuns, rehearsal } from '../playbooks/runs.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** What is done about alerts without anybody doing it. */
export function playbooksHandlers({ db }: HandlerDeps) {
  return {
    listPlaybooks: ({ query }) => playbooks.listPlaybooks(db, query),
    getPlaybook: ({ params }) => playbooks.getPlaybook(db, params.id),
    createPlaybook: ({ body, call }) => playbooks.createPlaybook(db, call.actor, body),
    updatePlaybook: ({ params, body, call }) => playbooks.updatePlaybook(db, call.actor, params.id, body),
    async deletePlaybook({ params, call }) {
      await playbooks.deletePlaybook(db, call.actor, params.id);
      return undefined;
    },
    rehearsePlaybook: ({ params, query }) => rehearsal(db, params.id, query.days),
    listPlaybookRuns: ({ params }) => listRuns(db, params.id),
  } satisfies Part;
}
