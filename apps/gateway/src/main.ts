import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { verifyGatewayImage } from '@hypervigil/gateway-link';
import { GatewayError } from './errors.ts';
import { buildGateway } from './image/build.ts';
import { ENGINE_NAMES, type EngineName } from './image/recipe.ts';
import { WORDS } from './words.ts';

const CACHE = process.env['HV_CACHE_DIR'] ?? '/var/cache/hypervigil';
const STATE = process.env['HV_STATE_DIR'] ?? '/var/lib/hypervigil';

const { HV_LANG, LC_ALL, LC_MESSAGES, LANG } = process.env;
const words = WORDS[(HV_LANG ?? LC_ALL ?? LC_MESSAGES ?? LANG ?? 'en').startsWith('zh') ? 'zh' : 'en'];

function engineOf(name: string): EngineName {
  const known = ENGINE_NAMES.find((one) => one === name);
  if (known) return known;
  throw new GatewayError('GATEWAY_USAGE', `There is no engine ${name}; there are: ${ENGINE_NAMES.join(', ')}`);
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'cache-dir': { type: 'string', default: CACHE },
      'key-file': { type: 'string', default: join(STATE, 'gateway-builder/key.pem') },
      version: { type: 'string' },
      with: { type: 'string', multiple: true, default: [] },
      suite: { type: 'string' },
      rules: { type: 'string' },
      'public-key': { type: 'string' },
    },
  });
  const [command, dir] = positionals;
  if (command === 'build' && dir === undefined) {
    if (values.rules !== undefined && !values.with.includes('suricata'))
      throw new GatewayError('GATEWAY_USAGE', words.rulesOfNobody);
    const built = await buildGateway({
      cacheDir: values['cache-dir'],
      keyFile: values['key-file'],
      ...(values.version !== undefined && { version: values.version }),
      engines: values.with.map(engineOf),
      ...(values.suite !== undefined && { suite: values.suite }),
      ...(values.rules !== undefined && { rulesFile: values.rules }),
      onStep: (step) => process.stderr.write(`… ${words.steps[step]}\n`),
    });
    process.stdout.write(words.built(built));
  } else if (command === 'verify' && dir !== undefined && values['public-key'] !== undefined) {
    process.stdout.write(words.verified(await verifyGatewayImage(dir, readFileSync(values['public-key'], 'utf8'))));
  } else throw new GatewayError('GATEWAY_USAGE', words.usage);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof GatewayError && error.code === 'GATEWAY_USAGE';
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
