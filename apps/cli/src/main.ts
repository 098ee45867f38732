import { fileURLToPath } from 'node:url';
import { ApiError, errorText, problemText } from '@hypervigil/contract';
import type { ErrorCode } from '@hypervigil/model';
import { fetchCapture } from './capture.ts';
import { COMMANDS, findCommand } from './commands.ts';
import { CliError } from './errors.ts';
import { saveFlows } from './flow-file.ts';
import { login, logout } from './login.ts';
import { type Messages, messagesFor } from './messages/index.ts';
import { explainMistakes, FileMistakes } from './policy/errors.ts';
import { POLICY_PROGRAMS, type Program } from './policy/programs.ts';
import { runCommand } from './run.ts';

/** Commands that are programs of their own; hv becomes them. */
const PROGRAMS: Readonly<Record<string, readonly [entry: string, ...words: string[]]>> = {
  up: ['lab/src/cloud/main.ts', 'up'],
  down: ['lab/src/cloud/main.ts', 'down'],
  verify: ['lab/src/cloud/main.ts', 'verify'],
  lab: ['lab/src/main.ts'],
  bench: ['bench/src/main.ts'],
  check: ['tools/check.ts'],
  test: ['tools/test.ts'],
  sbom: ['tools/sbom.ts'],
  engine: ['apps/engine/src/main.ts'],
  'gateway build': ['apps/gateway/src/main.ts'],
  'gateway verify': ['apps/gateway/src/main.ts'],
  platform: ['apps/platform/src/main.ts'],
};
const ROOT = new URL('../../../', import.meta.url);

function become([entry, ...words]: readonly [string, ...string[]], args: string[]): void {
  const argv = [process.execPath, ...process.execArgv, fileURLToPath(new URL(entry, ROOT)), ...words, ...args];
  process.execve!(process.execPath, argv, process.env as Record<string, string>);
}

/** Commands that are several calls. */
const CALLERS: Readonly<Record<string, Program>> = {
  ...POLICY_PROGRAMS,
  'capture fetch': fetchCapture,
  'flow save': saveFlows,
};

const COMMAND_WORDS = [...COMMANDS.map((command) => command.words), ...Object.keys(CALLERS)].sort();

const SIGN_IN_FIRST: ReadonlySet<ErrorCode> = new Set(['not-signed-in', 'password-change-required']);

function explain(error: unknown, messages: Messages): string {
  if (error instanceof ApiError) {
    const { problems, requestId } = error.body;
    const { language } = messages;
    return [
      errorText(language, error.body),
      ...problems.map((problem) => `  ${problem.field}: ${problemText(language, problem)}`),
      ...(SIGN_IN_FIRST.has(error.body.code) ? [messages.signInFirst] : []),
      ...(requestId === '' ? [] : [messages.requestId(requestId)]),
    ].join('\n');
  }
  if (error instanceof FileMistakes) return explainMistakes(error, messages);
  if (error instanceof CliError) {
    const say = messages.errors[error.code as keyof Messages['errors']];
    return say(error.params);
  }
  throw error;
}

/** hv's own flags wherever they stand, and the words between them. */
function split(args: readonly string[]): { flags: Record<string, string>; words: string[] } {
  const flags: Record<string, string> = {};
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const flag = arg.match(/^--(url|ca|lang)(?:=(.*))?$/);
    if (flag !== null) flags[flag[1]!] = flag[2] ?? args[++i] ?? '';
    else if (!arg.startsWith('-')) words.push(arg);
  }
  return { flags, words };
}

async function main(args: string[]): Promise<number> {
  const { flags, words } = split(args);
  const messages = messagesFor(flags['lang'], process.env);
  const [word = 'help', ...rest] = args;
  const program = PROGRAMS[args.slice(0, 2).join(' ')] ?? PROGRAMS[word];
  const caller = CALLERS[args.slice(0, 2).join(' ')];
  if (program !== undefined) become(program, rest);
  try {
    if (word === 'help' || word === '--help' || word === '-h')
      console.log(messages.usage(COMMAND_WORDS.map((words) => `  hv ${words}`).join('\n')));
    else if (word === 'login') console.log(await login(flags, words[1] ?? 'admin', messages));
    else if (word === 'logout') console.log(await logout(flags, messages));
    else if (caller !== undefined) {
      const output = await caller(args.slice(2), messages, console.log);
      if (output !== '') console.log(output);
    } else {
      const found = findCommand(args);
      if (found === undefined) {
        console.error(messages.unknownCommand(words.join(' ')));
        return 2;
      }
      const output = await runCommand(found.command, found.rest, messages.language);
      if (output !== '') console.log(output);
    }
    return 0;
  } catch (error) {
    console.error(explain(error, messages));
    return error instanceof CliError || error instanceof FileMistakes ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
