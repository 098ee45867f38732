import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What runs inside guests, in this repository: `init` of probe guests, programs of all, `debian/` for full guests. */
export const GUEST_FOLDER = join(import.meta.dirname, '../../guest');

/** Programs of every guest, found there in /lab. */
export const guestPrograms = (): string[] => readdirSync(GUEST_FOLDER).filter((name) => name.endsWith('.pl'));
