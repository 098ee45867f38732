import { removeRuleset } from '@hypervigil/host-firewall';
import { openNftables } from '@hypervigil/nftables';
import { pino } from 'pino';
import { startEngine } from './compose.ts';
import { parseCommand } from './config.ts';
import { join } from './enrolment/join.ts';
import { describeError, EngineError } from './errors.ts';

/** Runs what the command line says. Prints a mistake and sets the exit code; never rejects. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    await run(args);
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = error instanceof EngineError && error.code === 'bad-config' ? 2 : 1;
  }
}

async function run(args: readonly string[]): Promise<void> {
  const command = parseCommand(args, process.env);
  if (command.name === 'join') {
    const { hostName, platform } = await join(command.join);
    process.stdout.write(`This host is ${hostName} of ${platform}. Start the engine: hv engine run\n`);
    return;
  }
  if (command.name === 'release') {
    // Rules outlive the engine on purpose: before it is uninstalled, somebody has to say that they shall not.
    await openNftables().apply(removeRuleset());
    process.stdout.write('The host firewall is out of the kernel.\n');
    return;
  }
  const log = pino({ name: 'engine', level: command.config.logLevel });
  const engine = await startEngine(command.config, log);
  const stop = (): void => void engine.stop().finally(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
