import { existsSync } from 'node:fs';
import { labDown } from '../down.ts';
import { LabError } from '../errors.ts';
import { preflight } from '../preflight.ts';
import { removeMachineTraces } from './machine-traces.ts';
import { type CloudMessages, cloudMessages } from './messages/index.ts';
import { type CloudOptions, readOptions, UsageError, VERIFY_DEFAULTS } from './options.ts';
import { connectUp, PLATFORM_DATA, platformUp, purgeOwnData } from './own-host.ts';
import { createProgress, type Progress } from './progress.ts';
import { cloudUp, labOf, type UpResult } from './up.ts';
import { cloudVerify } from './verify.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function bringUp(
  options: CloudOptions,
  progress: Progress,
): Promise<UpResult & { join?: string; polices?: boolean }> {
  if (options.uri !== null) return connectUp(options, options.uri, progress);
  return options.mode === 'platform' ? platformUp(options, progress) : cloudUp(options, progress);
}

async function up(options: CloudOptions, messages: CloudMessages): Promise<number> {
  const began = performance.now();
  const lacks = options.mode === 'lab' ? await preflight() : [];
  if (lacks.length > 0) {
    if (options.json) say(JSON.stringify({ type: 'refused', lacks }));
    else say(messages.cannotCarry(lacks.map((l) => `  - ${l.message}`).join('\n')));
    return 2;
  }
  const progress = createProgress(options.json, messages);
  try {
    const result = await bringUp(options, progress);
    progress.close();
    const elapsedMs = Math.round(performance.now() - began);
    if (options.json) {
      say(JSON.stringify({ type: 'up', ...result, elapsedMs }));
      return 0;
    }
    say('');
    if (result.polices === false) say(`${messages.seesOnly}\n`);
    if (result.join !== undefined) say(`${messages.join(result.join)}\n`);
    say(messages.ready(result.url));
    say(result.password === null ? messages.passwordChanged : messages.password(result.password));
    say(
      `${options.mode === 'lab' ? messages.next : messages.nextPlatform} (${messages.elapsed((elapsedMs / 1000).toFixed(0))})`,
    );
    return 0;
  } catch (error) {
    progress.close();
    throw error;
  }
}

async function down(options: CloudOptions, messages: CloudMessages): Promise<number> {
  const progress = createProgress(options.json, messages);
  const { removed } = await labDown({ id: options.id, onStep: progress.onStep });
  progress.close();
  const kept = existsSync(PLATFORM_DATA);
  if (options.purge) await purgeOwnData();
  await removeMachineTraces(options);
  if (options.json) say(JSON.stringify({ type: 'down', removed, kept: kept && !options.purge ? PLATFORM_DATA : null }));
  else if (kept && !options.purge) say(messages.kept(PLATFORM_DATA));
  else say(removed ? messages.down : messages.nothing);
  return 0;
}

async function runAttacks(options: CloudOptions, messages: CloudMessages): Promise<number> {
  const progress = createProgress(options.json, messages);
  const ok = await cloudVerify(options, progress, (row) => {
    const { id, off, on, pass } = row;
    if (options.json)
      say(
        JSON.stringify({
          id,
          off: off.outcome,
          on: on?.outcome ?? null,
          pass,
          title: row.title,
          evidence: on?.evidence ?? off.evidence,
        }),
      );
    else say(messages.attack(row));
  });
  progress.close();
  return ok ? 0 : 1;
}

async function main([word, ...args]: readonly string[]): Promise<number> {
  const messages = cloudMessages(args, process.env);
  try {
    if (word === 'verify') return await runAttacks(readOptions(args, VERIFY_DEFAULTS), messages);
    const options = readOptions(args);
    if (word === 'down') return await down(options, messages);
    return await up(options, messages).catch((error: unknown) => {
      if (!options.json && !(error instanceof UsageError))
        process.stderr.write(`${messages.logs(labOf(options).dir)}\n`);
      throw error;
    });
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${messages.usage[error.code](error.message)}\n`);
      return 2;
    }
    const text = error instanceof LabError ? error.message : String((error as Error).stack ?? error);
    process.stderr.write(`${messages.failed(text)}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
