import { setTimeout as delay } from 'node:timers/promises';
import type { Client, PublishProgress } from '@hypervigil/contract';
import { connect } from '../connection.ts';
import { CliError } from '../errors.ts';
import type { Messages } from '../messages/index.ts';
import { connectionFlags, parseFlags } from './flags.ts';

const FLAGS = {
  comment: { type: 'string' },
  override: { type: 'string' },
  'draft-revision': { type: 'string' },
  wait: { type: 'boolean' },
  seconds: { type: 'string' },
} as const;
const POLL_MS = 250;
const SECONDS = 60;

type Host = PublishProgress['hosts'][number];

/**
 * `hv policy publish [--comment WHY] [--override WHY] [--wait [--seconds N]]`: publishes the draft; `--wait` until every host
 * that is online has confirmed it.
 * @throws CliError `refused-by-hosts`, `hosts-not-ready`: it is published, and not enforced everywhere
 */
export async function publishPolicy(
  args: readonly string[],
  messages: Messages,
  print: (line: string) => void,
): Promise<string> {
  const { values } = parseFlags(args, FLAGS);
  const { client } = connect(connectionFlags(values));
  const { publishedRevision: revision } = await client.publishPolicy({
    body: {
      draftRevision: Number(values['draft-revision'] ?? (await client.getPolicyStatus()).draftRevision),
      comment: values.comment ?? '',
      ...(values.override !== undefined && { override: values.override }),
    },
  });
  const say = (line: string) => !values.json && print(line);
  say(messages.policy.published(revision));
  const progress = values.wait
    ? await awaitHosts(client, revision, Number(values.seconds ?? SECONDS), (host) => say(said(host, messages)))
    : undefined;
  if (values.json) return JSON.stringify({ revision, ...(progress && { hosts: progress }) }, null, 2);
  return progress === undefined
    ? ''
    : messages.observation.hosts(progress.filter(({ state }) => state === 'confirmed').length, progress.length);
}

const said = ({ host, state, error }: Host, { observation }: Messages): string =>
  state === 'confirmed' ? observation.confirmed(host.name) : observation[state](host.name, error ?? '');

/** Tells of each host as it says something. One that is offline enforces what it has, and is not waited for. */
async function awaitHosts(
  client: Client,
  revision: number,
  seconds: number,
  tell: (host: Host) => void,
): Promise<readonly Host[]> {
  const deadline = performance.now() + seconds * 1_000;
  const told = new Set<string>();
  for (;;) {
    const { hosts } = await client.getPublishProgress({ query: { revision: String(revision) } });
    for (const host of hosts)
      if (host.state !== 'waiting' && !told.has(host.host.id)) {
        told.add(host.host.id);
        tell(host);
      }
    const open = hosts.filter(({ state, online }) => state === 'waiting' && online);
    const refused = hosts.filter(({ state }) => state === 'refused');
    const names = (some: readonly Host[]) => some.map(({ host }) => host.name).join(', ');
    if (open.length === 0 && refused.length > 0)
      throw new CliError('refused-by-hosts', { revision, hosts: names(refused) });
    if (open.length === 0) return hosts;
    if (performance.now() > deadline) throw new CliError('hosts-not-ready', { revision, hosts: names(open) });
    await delay(POLL_MS);
  }
}
