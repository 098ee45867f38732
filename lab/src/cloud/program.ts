import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url);

/** The command line that runs one of the apps on the Node.js that runs us. */
export function appCommand(app: 'platform' | 'engine', args: readonly string[]): string[] {
  return [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(new URL(`apps/${app}/src/main.ts`, ROOT)),
    ...args,
  ];
}

export const CONSOLE_DIST = fileURLToPath(new URL('apps/console/dist/', ROOT));
export const REPOSITORY = fileURLToPath(ROOT);
