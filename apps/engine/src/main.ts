import { pino } from 'pino';
import { startEngine } from './compose.ts';
import { parseCommand } from './config.ts';
import { join } from './enrolment/join.ts';
import { describeError, EngineError } from './errors.ts';

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2), process.env);
  if (command.name === 'join') {
    const { hostName, platform } = await join(command.join);
    process.stdout.write(`This host is ${hostName} of ${platform}. Start the engine: hv engine run\n`);
    return;
  }
  const log = pino({ name: 'engine', level: command.config.logLevel });
  const engine = await startEngine(command.config, log);
  const stop = (): void => void engine.stop().finally(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = error instanceof EngineError && error.code === 'bad-config' ? 2 : 1;
});
