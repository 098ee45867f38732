import { spawn } from 'node:child_process';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NftError } from './errors.ts';
import { decodeListing, type NftListing } from './listing.ts';

export interface NftTable {
  readonly family: string;
  readonly name: string;
}

/** nftables of one network namespace, through nft and its JSON (libnftables-json(5)). */
export interface Nftables {
  /** Runs commands as one transaction: all of them hold, or none. Rejects with `refused` and nft's words. */
  apply(commands: readonly object[]): Promise<void>;
  /** The table, or undefined when there is none. */
  list(table: NftTable): Promise<NftListing | undefined>;
}

export interface NftablesOptions {
  /** The program and what stands before nft's own arguments, such as `['ip', 'netns', 'exec', 'h1', 'nft']`. */
  readonly command?: readonly [string, ...string[]];
  readonly timeoutMs?: number;
}

/** A table of 120,000 rules is about 60 MB of JSON. */
const MAX_OUTPUT_BYTES = 128 << 20;
const MAX_ERROR_BYTES = 4096;

export function openNftables({ command = ['nft'], timeoutMs = 30_000 }: NftablesOptions = {}): Nftables {
  const nft = async (args: readonly string[], input: string): Promise<Ended> => {
    await using file = await nameless(input);
    return await run([...command, ...args], file.fd, timeoutMs);
  };
  return {
    async apply(commands) {
      const { code, errors } = await nft(['-j', '-f', '-'], JSON.stringify({ nftables: commands }));
      if (code !== 0) throw new NftError('refused', `nft refused the rules: ${errors}`);
    },
    async list({ family, name }) {
      const { code, output, errors } = await nft(['-j', 'list', 'table', family, name], '');
      if (code === 0) return decodeListing(output);
      if (errors.includes('No such file or directory')) return undefined;
      throw new NftError('refused', `nft does not list the table ${family} ${name}: ${errors}`);
    },
  };
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** What nft complained of, in one line. */
  readonly errors: string;
}

/**
 * A file with this content that nobody else can open, to be read from its beginning. nft opens `/dev/stdin` anew (1.0.6), which Linux
 * allows for files and refuses for the sockets that Node.js makes its children's pipes of; or it reads on where the file stands (1.1.3),
 * and says that all is well when nothing comes.
 */
async function nameless(content: string): Promise<FileHandle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nft-'));
  try {
    const file = await open(path.join(folder, 'input'), 'wx+', 0o600);
    const bytes = Buffer.from(content);
    // By position, which leaves the file where it stands.
    for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at, at)).bytesWritten;
    return file;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run([program = '', ...args]: readonly string[], input: number, timeoutMs: number): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  // nft's messages are translated; ours are read by programs. `su` and some `sudo` leave /usr/sbin out.
  const env = { ...process.env, LC_ALL: 'C', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const child = spawn(program, args, { env, stdio: [input, 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  let bytes = 0;
  let errors = '';
  const fail = (error: NftError): void => {
    child.kill('SIGKILL');
    reject(error);
  };
  const timer = setTimeout(() => fail(new NftError('timeout', `nft did not end within ${timeoutMs} ms`)), timeoutMs);
  child.stdout!.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_OUTPUT_BYTES) fail(new NftError('bad-output', `nft printed more than ${MAX_OUTPUT_BYTES} bytes`));
    else output.push(chunk);
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    errors = (errors + String(chunk)).slice(0, MAX_ERROR_BYTES);
  });
  child.once('error', (cause: NodeJS.ErrnoException) => {
    clearTimeout(timer);
    reject(
      cause.code === 'ENOENT'
        ? new NftError('missing', `There is no program ${program}. Install the package nftables`, { cause })
        : new NftError('refused', `${program} could not be run`, { cause }),
    );
  });
  child.once('close', (code) => {
    clearTimeout(timer);
    const words = errors.trim().replaceAll(/\s+/g, ' ');
    resolve({ code, output: String(Buffer.concat(output)), errors: words || `exit code ${code}` });
  });
  return promise;
}
