import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FlowStore, FlowStoreError, openClickHouseStore, openDuckDbStore } from '@hypervigil/flowstore';
import { type Config, isLoopback } from '../config.ts';
import { StartError } from '../errors.ts';

/** Opens the ClickHouse server that the operator names, or else our own file. */
export async function openFlowStore(config: Config, directory: string): Promise<FlowStore> {
  const { clickhouseUrl: url, clickhouseUser: user } = config;
  if (url === undefined) return openDuckDbStore({ path: join(directory, 'flows.duckdb') });
  const password = await fileOf('clickhouse-password-file', config.clickhousePasswordFile);
  const ca = await fileOf('clickhouse-ca-file', config.clickhouseCaFile);
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && password !== undefined && !isLoopback(hostname))
    throw new StartError('bad-config', '--clickhouse-url: a password leaves this machine over https only.');
  try {
    return await openClickHouseStore({
      ...{ url, user },
      ...(password !== undefined && { password: password.trimEnd() }),
      ...(ca !== undefined && { ca }),
    });
  } catch (cause) {
    if (!(cause instanceof FlowStoreError)) throw cause;
    throw new StartError('bad-config', `--clickhouse-url: ${cause.message} (${cause.code})`, { cause });
  }
}

async function fileOf(flag: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new StartError('bad-config', `--${flag}: ${path} cannot be read (${cause.code}).`, { cause });
  });
}
