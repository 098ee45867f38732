import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { FIRST_PASSWORD } from '../fake-platform/handlers.ts';
import { FakePlatform, type Options } from '../fake-platform/server.ts';

export const DIST = join(import.meta.dirname, '../../dist');

/** The distribution's Chromium, without the parts that call home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en' | 'zh-CN';
}

export interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly url: string;
  /** Undefined when the tests run against a real platform. */
  readonly fake: FakePlatform | undefined;
  /** What the browser complained about: errors of scripts, refused by the content security policy, failed requests. */
  readonly complaints: string[];
}

/**
 * A browser with a fresh profile on the fake platform, or on the one that HV_CONSOLE_URL names (signing in as `admin`
 * with HV_CONSOLE_PASSWORD).
 */
export async function openConsole(look: Look = {}, options: Partial<Options> = {}, signedIn = true): Promise<Opened> {
  const profile = await mkdtemp(join(tmpdir(), 'hv-console-'));
  const real = process.env['HV_CONSOLE_URL'];
  const fake = real === undefined ? new FakePlatform({ dist: DIST, ...options }) : undefined;
  const url = real ?? (await fake!.listen());
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['HV_CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
    viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  await context.addInitScript(
    ([theme, language]) => {
      // Only what the test does not change by itself in the meantime.
      if (localStorage.getItem('hv.theme') === null) localStorage.setItem('hv.theme', theme!);
      if (localStorage.getItem('hv.language') === null) localStorage.setItem('hv.language', language!);
    },
    [look.theme ?? 'light', look.language ?? 'en'],
  );
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const opened: Opened = {
    page,
    context,
    url,
    fake,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close();
      await fake?.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
  if (signedIn) {
    const password = process.env['HV_CONSOLE_PASSWORD'] ?? FIRST_PASSWORD;
    const answer = await context.request.post(`${url}/api/v1/session`, { data: { username: 'admin', password } });
    if (!answer.ok()) throw new Error(`sign-in answered ${answer.status()}: ${await answer.text()}`);
  }
  return opened;
}
