/** Preloaded into tests that have a network of their own: the loopback of a new one is down. */

import { execFileSync } from 'node:child_process';

execFileSync('ip', ['link', 'set', 'lo', 'up']);
