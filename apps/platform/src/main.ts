import { inspect } from 'node:util';
import { PostgresError } from '@hypervigil/postgres';
import pino from 'pino';
import { startPlatform } from './compose.ts';
import { readConfig } from './config.ts';
import { StartError } from './errors.ts';

/** Whatever a log line carries, these never stand in it. */
const REDACT = ['req.headers.cookie', 'req.headers.authorization', '*.password', '*.token', '*.csr'];

async function main(): Promise<void> {
  const [command, ...flags] = process.argv.slice(2);
  const config = readConfig(command === 'run' ? flags : process.argv.slice(2), process.env);
  const logger = pino({ level: config.logLevel, redact: REDACT });
  const platform = await startPlatform(config, logger);
  const { promise: signalled, resolve } = Promise.withResolvers<string>();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve(signal));
  logger.info({ signal: await signalled }, 'the platform stops');
  await platform.stop();
}

main().catch((error: Error) => {
  const isExpected = error instanceof StartError || error instanceof PostgresError;
  process.stderr.write(`${isExpected ? error.message : inspect(error)}\n`);
  process.exitCode = 1;
});
