import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { Client } from '@hypervigil/contract';
import type { Capture } from '@hypervigil/model';
import { connect } from './connection.ts';
import { CliError } from './errors.ts';
import type { Messages } from './messages/index.ts';
import { connectionFlags, parseFlags } from './policy/flags.ts';

const FLAGS = { host: { type: 'string' }, out: { type: 'string' } } as const;

type File = Capture['files'][number];

/** Its host, where one may know it. */
const placeOf = ({ id, hostName }: File): string => hostName ?? id.slice(0, 8);

interface Fetched {
  readonly host: string;
  readonly file: string;
  readonly bytes: number;
  readonly packets: number;
  readonly sha256: string;
}

/** `hv capture fetch ID [--host NAME] [--out FILE]`: the files of a capture as they lie on its hosts, each checked by its sum. */
export async function fetchCapture(args: readonly string[], messages: Messages): Promise<string> {
  const { values, positionals } = parseFlags(args, FLAGS, 1);
  const [id] = positionals;
  if (id === undefined) throw new CliError('name-missing', { command: 'capture fetch' });
  const { client } = connect(connectionFlags(values));
  const { files } = await client.getCapture({ params: { id } });
  const wanted = files.filter(({ hostName, packets }) =>
    values.host === undefined ? packets > 0 : hostName === values.host,
  );
  if (wanted.length === 0) throw new CliError('nothing-captured', { id });
  if (values.out !== undefined && wanted.length > 1)
    throw new CliError('several-files', { hosts: wanted.map(placeOf).join(', ') });
  const fetched: Fetched[] = [];
  for (const file of wanted) {
    if (file.sha256 === null) throw new CliError('capture-open', { host: placeOf(file) });
    fetched.push(await fetchFile(client, id, file, values.out ?? `capture-${id.slice(0, 8)}-${placeOf(file)}.pcap`));
  }
  return values.json ? JSON.stringify(fetched, null, 2) : fetched.map((one) => messages.captured(one)).join('\n');
}

async function fetchFile(client: Client, id: string, file: File, path: string): Promise<Fetched> {
  const { id: fileId, packets, sha256 } = file;
  const host = placeOf(file);
  const hash = createHash('sha256');
  let bytes = 0;
  // Never over a file that is there.
  const out = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw new CliError('file-unwritable', { file: path, reason: (cause as Error).message }, { cause });
  });
  try {
    for (let next: number | null = 0; next !== null; ) {
      const part = await client.readCapture({ params: { id, fileId }, query: { offset: next } });
      const data = Buffer.from(part.data, 'base64');
      hash.update(data);
      bytes += data.length;
      await out.writeFile(data);
      next = part.next;
    }
  } finally {
    await out.close();
  }
  const sum = hash.digest('hex');
  if (sum === sha256) return { host, file: path, bytes, packets, sha256: sum };
  await rm(path);
  throw new CliError('capture-damaged', { host });
}
