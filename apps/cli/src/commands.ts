import { ALERTS } from './commands/alerts.ts';
import { CLOUD } from './commands/cloud.ts';
import type { Command } from './commands/command.ts';
import { EXPORTERS } from './commands/exporters.ts';
import { FLOWS } from './commands/flows.ts';
import { GATEWAYS } from './commands/gateways.ts';
import { HOST_FIREWALLS } from './commands/host-firewalls.ts';
import { INCIDENTS } from './commands/incidents.ts';
import { LIMITS } from './commands/limits.ts';
import { NOTIFICATIONS } from './commands/notifications.ts';
import { PARTS } from './commands/parts.ts';
import { PEOPLE } from './commands/people.ts';
import { PLAYBOOKS } from './commands/playbooks.ts';
import { POLICY } from './commands/policy.ts';

export const COMMANDS: readonly Command[] = [
  ...CLOUD,
  ...PEOPLE,
  ...HOST_FIREWALLS,
  ...GATEWAYS,
  ...PARTS,
  ...LIMITS,
  ...POLICY,
  ...FLOWS,
  ...EXPORTERS,
  ...ALERTS,
  ...PLAYBOOKS,
  ...INCIDENTS,
  ...NOTIFICATIONS,
];

/** The command whose words begin the arguments, longest first, and the arguments after them. */
export function findCommand(args: readonly string[]): { command: Command; rest: string[] } | undefined {
  for (const length of [3, 2, 1]) {
    const words = args.slice(0, length).join(' ');
    const command = COMMANDS.find((c) => c.words === words);
    if (command !== undefined) return { command, rest: args.slice(length) };
  }
  return undefined;
}
