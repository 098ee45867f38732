import { type Browser, chromium } from 'playwright-core';

/** The distribution's Chromium, without the parts that call home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A test file opens its next page sooner than this after it has closed the last. */
const IDLE_MS = 1_000;

/** What a process has of Chromium: a start costs two seconds of processor time, a fresh profile in one that runs next to nothing. */
let running: Promise<Browser> | undefined;
let users = 0;
let idle: NodeJS.Timeout | undefined;

export interface SharedChromium {
  readonly browser: Browser;
  /** To be called once; Chromium ends when nobody has used it for a second. */
  release(): void;
}

export async function sharedChromium(): Promise<SharedChromium> {
  clearTimeout(idle);
  users++;
  running ??= chromium.launch({
    executablePath: process.env['HV_CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
  });
  return { browser: await running, release };
}

function release(): void {
  if (--users > 0) return;
  idle = setTimeout(() => {
    const ended = running;
    running = undefined;
    void ended?.then((browser) => browser.close());
  }, IDLE_MS);
}
