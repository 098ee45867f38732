import type { Command } from './command.ts';

/** Who may sign in, and what was done. */
export const PEOPLE: readonly Command[] = [
  {
    words: 'account list',
    operation: 'listAccounts',
    columns: ['name', 'duty', 'tenantId', 'disabled', 'lastSignInAt', 'createdBy', 'id'],
  },
  { words: 'account show', operation: 'getAccount', nameIn: 'listAccounts' },
  { words: 'account create', operation: 'createAccount', lookups: { tenantId: 'listTenants' } },
  { words: 'account update', operation: 'updateAccount', nameIn: 'listAccounts' },
  { words: 'account reset-password', operation: 'resetPassword', nameIn: 'listAccounts' },
  { words: 'audit list', operation: 'listAudit', columns: ['at', 'actor', 'action', 'outcome', 'subject'] },
];
