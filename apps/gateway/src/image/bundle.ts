import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { GatewayError } from '../errors.ts';

const SOURCES = join(import.meta.dirname, '../appliance');

/** A program of the appliance with all that it imports as one file of JavaScript: nothing is resolved or stripped inside. */
export async function bundled(entry: string): Promise<Buffer> {
  const build = await rolldown({
    input: join(SOURCES, entry),
    platform: 'node',
    // Schemas of what a gateway never hears are most of what it would have to make before it is ready.
    treeshake: { moduleSideEffects: false },
    logLevel: 'silent',
  });
  try {
    const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
    const [chunk, ...rest] = output;
    if (!chunk || rest.length > 0) throw new GatewayError('GATEWAY_IMAGE', `${entry} is more than one file`);
    return Buffer.from(chunk.code);
  } finally {
    await build.close();
  }
}
