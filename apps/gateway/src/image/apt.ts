import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../errors.ts';
import { run } from '../run.ts';

/** Where packages come from. */
export interface Apt {
  /** For people, as a sentence begins. */
  readonly name: string;
  /** What apt's programs are told before anything else. */
  readonly options: readonly string[];
}

const KEYRINGS = ['debian-archive-keyring.gpg', 'ubuntu-archive-keyring.gpg'].map(
  (name) => `/usr/share/keyrings/${name}`,
);
const SUITE = /^[a-z][a-z0-9-]{0,31}$/;

/** What this machine's distribution offers, as its own apt knows it. */
export const OWN_APT: Apt = { name: 'This distribution', options: [] };

/**
 * What another suite of the same distribution offers (`trixie`, seen from `bookworm`), from where this machine gets its own: apt's
 * state of it lies below `cacheDir`, and this machine's own stays as it is. Rejects with `GATEWAY_PACKAGES` where there is no such suite.
 */
export async function aptOfSuite(suite: string, cacheDir: string): Promise<Apt> {
  if (!SUITE.test(suite)) throw new GatewayError('GATEWAY_USAGE', `${suite} is no name of a suite`);
  const sources = otherSuite(await ownRepositories(), codename(), suite);
  const home = join(cacheDir, `apt-${suite}`);
  for (const folder of ['lists/partial', 'archives/partial']) mkdirSync(join(home, folder), { recursive: true });
  const [list, status] = [join(home, 'sources.list'), join(home, 'status')];
  writeFileSync(list, sources.join('\n'));
  writeFileSync(status, '');
  const settings = {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::State::Lists': join(home, 'lists'),
    // Nothing of it is installed here.
    'Dir::State::Status': status,
    'Dir::Cache': home,
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  try {
    await run(['apt-get', '-q', ...options, '-o', 'APT::Update::Error-Mode=any', 'update']);
  } catch (cause) {
    const why = (cause as Error).message.match(/^E: .*$/m)?.[0] ?? '';
    throw new GatewayError(
      'GATEWAY_PACKAGES',
      `The suite ${suite} cannot be had from where this machine has its packages. ${why}`,
      {
        cause,
      },
    );
  }
  return { name: `The suite ${suite}`, options };
}

/** A line for each repository that this machine's apt knows: where it is, its suite, and its parts. */
async function ownRepositories(): Promise<string[]> {
  const text = await run([
    ...['apt-get', 'indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)'],
    'Identifier: Packages',
  ]);
  return text.split('\n').filter(Boolean);
}

/** This machine's repositories of its own release (`bookworm`, `bookworm-security` …), as those of another one, for sources.list(5). */
export function otherSuite(repositories: readonly string[], own: string, suite: string): string[] {
  const keyring = KEYRINGS.find(existsSync);
  return repositories.flatMap((line) => {
    const [uri, release = '', component] = line.split(' ');
    const rest = release.startsWith(own) ? release.slice(own.length) : undefined;
    if (rest === undefined || (rest !== '' && !rest.startsWith('-'))) return [];
    return [`deb ${keyring ? `[signed-by=${keyring}] ` : ''}${uri} ${suite}${rest} ${component}`];
  });
}

/** os-release(5). */
const codename = (): string => /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
