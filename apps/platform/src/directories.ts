import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from './errors.ts';

/** Where the platform keeps things. Nobody else on this machine may read any of it. */
export interface Directories {
  readonly postgresData: string;
  readonly postgresRun: string;
  readonly flows: string;
}

/**
 * Makes the platform's directories. As root, the database has an account of its own (it refuses to run as root), which
 * must pass through ours; what lies beside the database is closed one by one.
 * @throws StartError `bad-directory`
 */
export async function makeDirectories(stateDir: string, runDir: string): Promise<Directories> {
  const passable = process.geteuid!() === 0 ? 0o711 : 0o700;
  const flows = join(stateDir, 'flows');
  try {
    for (const dir of [stateDir, runDir]) await mkdir(dir, { recursive: true, mode: passable });
    await mkdir(flows, { recursive: true, mode: 0o700 });
    // DuckDB makes its files as open as the umask lets it.
    await chmod(flows, 0o700);
  } catch (cause) {
    const { message } = cause as Error;
    throw new StartError(
      'bad-directory',
      `The platform cannot use its directories: ${message}. Name two that its user may write to, such as ` +
        '--state-dir ~/.local/state/hypervigil and --run-dir "$XDG_RUNTIME_DIR/hypervigil", or start it as root.',
      { cause },
    );
  }
  return { postgresData: join(stateDir, 'postgres'), postgresRun: join(runDir, 'postgres'), flows };
}
