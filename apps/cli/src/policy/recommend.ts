import type { PolicyRecommendation } from '@hypervigil/contract';
import { writeService } from '@hypervigil/model';
import { connect } from '../connection.ts';
import { CliError } from '../errors.ts';
import { idOf } from '../ids.ts';
import type { Messages } from '../messages/index.ts';
import { table } from '../output.ts';
import { brief } from './analysis-rows.ts';
import { connectionFlags, parseFlags } from './flags.ts';

const FLAGS = { tenant: { type: 'string' }, days: { type: 'string' }, apply: { type: 'boolean' } } as const;
const COLUMNS = ['from', 'to', 'services', 'confidence', 'connections', 'days', 'vms'];

/** `hv policy recommend GROUP|--tenant NAME [--days N] [--apply]`: shows the rules, and puts the same into the draft. */
export async function recommendPolicy(args: readonly string[], messages: Messages): Promise<string> {
  const { values, positionals } = parseFlags(args, FLAGS, 1);
  const { client } = connect(connectionFlags(values));
  const [group] = positionals;
  if (group === undefined && values.tenant === undefined)
    throw new CliError('name-missing', { command: 'policy recommend' });
  const subject =
    group === undefined
      ? { tenantId: await idOf(client, 'listTenants', values.tenant!) }
      : { groupId: await idOf(client, 'listGroups', group) };
  const asked = { ...subject, ...(values.days === undefined ? {} : { days: Number(values.days) }) };
  const found = await client.recommendPolicy({ query: asked });
  const policy =
    values.apply && found.rules.length > 0
      ? await client.applyRecommendation({ body: { ...asked, to: found.to } })
      : undefined;
  if (values.json) return JSON.stringify({ ...found, policy: policy ?? null }, null, 2);
  return [...told(found, messages), ...(policy === undefined ? [] : [messages.traffic.applied(policy.name)])].join(
    '\n',
  );
}

function told(
  { rules, learnt, outlierCounts, truncated, days }: PolicyRecommendation,
  { traffic }: Messages,
): string[] {
  const rows = rules.map(({ fromNames, toNames, services, evidence }) => ({
    from: brief(fromNames, fromNames.length),
    to: brief(toNames, toNames.length),
    services: services.map(writeService),
    confidence: traffic.confidence[evidence.confidence],
    connections: evidence.flows,
    days: `${evidence.days}/${days}`,
    vms: `${evidence.vmsSeen}/${evidence.vmsNamed}`,
  }));
  return [
    traffic.learnt(rules.length, learnt.flows, learnt.vms),
    ...(rules.length > 0 ? [table(rows, COLUMNS)] : []),
    ...outlierCounts.map(({ reason, talks, flows }) => traffic.outliers[reason](talks, flows)),
    ...(truncated ? [traffic.truncated] : []),
  ];
}
