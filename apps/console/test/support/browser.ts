import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { FIRST_PASSWORD } from '../fake-platform/handlers.ts';
import { FakePlatform, type Options } from '../fake-platform/server.ts';
import { sharedChromium } from './chromium.ts';

export const DIST = join(import.meta.dirname, '../../dist');

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark' | 'system';
  readonly contrast?: 'standard' | 'high' | 'system';
  readonly language?: 'en' | 'zh-CN';
}

/** A page of a browser with a fresh profile. */
export interface Browser extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: errors of scripts, refused by the content security policy, failed requests. */
  readonly complaints: string[];
}

export interface Opened extends Browser {
  readonly url: string;
  readonly fake: FakePlatform;
}

export async function openBrowser(look: Look = {}): Promise<Browser> {
  const chromium = await sharedChromium();
  const context = await chromium.browser.newContext({
    viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  await context.addInitScript(
    (wanted) => {
      // Only what the test does not change by itself in the meantime.
      for (const [name, value] of Object.entries(wanted))
        if (localStorage.getItem(name) === null) localStorage.setItem(name, value);
    },
    {
      'hv.theme': look.theme ?? 'light',
      'hv.contrast': look.contrast ?? 'standard',
      'hv.language': look.language ?? 'en',
    },
  );
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return {
    page,
    context,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close();
      chromium.release();
    },
  };
}

/** The console on a fake platform of its own, signed in unless told otherwise. */
export async function openConsole(look: Look = {}, options: Partial<Options> = {}, signedIn = true): Promise<Opened> {
  const fake = new FakePlatform({ dist: DIST, ...options });
  const url = await fake.listen();
  const browser = await openBrowser(look);
  if (signedIn) {
    const data = { username: 'admin', password: FIRST_PASSWORD };
    const answer = await browser.context.request.post(`${url}/api/v1/session`, { data });
    if (!answer.ok()) throw new Error(`sign-in answered ${answer.status()}: ${await answer.text()}`);
  }
  return {
    ...browser,
    url,
    fake,
    async [Symbol.asyncDispose]() {
      await browser[Symbol.asyncDispose]();
      await fake.close();
    },
  };
}
