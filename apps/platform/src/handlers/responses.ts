import { answerResponse } from '../responses/answer.ts';
import { approveResponse, declineResponse } from '../responses/decide.ts';
import { getResponse, listResponses } from '../responses/list.ts';
import { respondToAlert } from '../responses/respond.ts';
import { undoResponse } from '../responses/undo.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** What is done about alerts. */
export function responsesHandlers({ db }: HandlerDeps) {
  return {
    listResponses: async ({ query, access }) =>
      listResponses(db, query, await access.vms('alert:read', 'alert_responses.vm_id', 'alert_responses.tenant_id')),
    getResponse: ({ params }) => getResponse(db, params.id),
    respondToAlert: ({ params, body, call }) => respondToAlert(db, call.actor, params.id, body),
    approveResponse: ({ params, call }) => approveResponse(db, call.actor, params.id),
    declineResponse: ({ params, body, call }) => declineResponse(db, call.actor, params.id, body.reason),
    answerResponse: ({ params, body, call, person }) => answerResponse(db, call.actor, person, params.id, body),
    undoResponse: ({ params, body, call }) => undoResponse(db, call.actor, params.id, body.reason),
  } satisfies Part;
}
