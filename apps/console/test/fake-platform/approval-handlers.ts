import type { ApprovalSettings, DraftApproval, RevisionApproval } from '@hypervigil/contract';
import type { Handlers, State } from './handlers.ts';
import { ago, MINUTE } from './make.ts';

/** Of the last revision. */
export const APPROVAL: readonly RevisionApproval[] = [
  {
    tenantId: null,
    required: 1,
    authors: ['admin'],
    approvedBy: [{ name: 'wang', at: ago(95 * MINUTE), comment: 'Asked for by the shop' }],
  },
];

/** A draft that somebody else wrote, and one of two approved. */
export const AWAITED: DraftApproval = {
  tenantId: null,
  revision: 3,
  tiers: ['platform'],
  required: 2,
  authors: ['zhao'],
  approvedBy: [{ name: 'wang', at: ago(5 * MINUTE), comment: 'Only for the migration window' }],
};

export function approvalHandlers(state: State): Handlers {
  let settings: ApprovalSettings = { emergency: 0, platform: 2, tenant: 0, baseline: 1 };
  const put = (tenantId: string | null | undefined, by: (part: DraftApproval) => DraftApproval['approvedBy']) => {
    state.approvals = state.approvals.map((part) =>
      part.tenantId === (tenantId ?? null) ? { ...part, approvedBy: by(part) } : part,
    );
    state.events.emit({ kind: 'changed', what: 'policy' });
    return state.status();
  };
  return {
    getApprovalSettings: () => settings,
    updateApprovalSettings: ({ body }) => {
      settings = body;
      state.events.emit({ kind: 'changed', what: 'policy' });
      return settings;
    },
    approvePolicy: ({ body: { tenantId, comment } }) =>
      put(tenantId, ({ approvedBy }) => [...approvedBy, { name: 'admin', at: new Date().toISOString(), comment }]),
    withdrawApproval: ({ body: { tenantId } }) =>
      put(tenantId, ({ approvedBy }) => approvedBy.filter(({ name }) => name !== 'admin')),
  };
}
