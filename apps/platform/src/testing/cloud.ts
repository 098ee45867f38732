import type { ConfigInput } from '../config.ts';
import { connectEngine, type EngineOptions, enrol, type TestEngine } from './engine.ts';
import { startTestCloud, type TestCloud } from './platform.ts';

export interface TestCloudWithHost extends TestCloud {
  readonly hostId: string;
  readonly engine: TestEngine;
}

/** A platform with one host, `h1`, whose engine is connected. */
export async function startTestCloudWithHost(
  name: string,
  options: EngineOptions = { obedient: true },
  config: ConfigInput = {},
): Promise<TestCloudWithHost> {
  const cloud = await startTestCloud(name, config);
  const credentials = await enrol(cloud.platform, cloud.person, 'h1');
  const engine = await connectEngine(cloud.platform, credentials, options);
  async function stop(): Promise<void> {
    engine.close();
    await cloud.stop();
  }
  return { ...cloud, hostId: credentials.hostId, engine, stop };
}
