import { argon2, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ApiFailure } from '../errors.ts';

/** argon2id with RFC 9106's second recommended choice: 64 MiB, three passes, four lanes. */
const COST = { parallelism: 4, tagLength: 32, memory: 65_536, passes: 3 } as const;

/** Letters and digits that nobody mistakes for others: 57²⁰ is over 116 bits. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
const ONE_TIME_LENGTH = 20;

/** Hashes that may be computed at once: each takes 64 MiB, and strangers ask for them. */
const AT_ONCE = 2;
/** More than these wait for nobody: a flood of sign-ins must not become a queue that lasts for minutes. */
const MAX_WAITING = 16;

const derive = promisify(argon2);

export interface Passwords {
  /** In PHC string form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
  hash(password: string): Promise<string>;
  /** Takes as long when there is no such user (`null`), so that the time does not tell. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const lane = limit(AT_ONCE);
  const compute = (password: string, salt: Buffer, cost: typeof COST) =>
    lane(() => derive('argon2id', { message: password.normalize('NFC'), nonce: salt, ...cost }));
  return {
    async hash(password) {
      const salt = randomBytes(16);
      return encode(salt, await compute(password, salt, COST));
    },
    async verify(password, hash) {
      const { salt, tag } = hash === null ? { salt: randomBytes(16), tag: randomBytes(32) } : decode(hash);
      return timingSafeEqual(await compute(password, salt, COST), tag) && hash !== null;
    },
  };
}

export function oneTimePassword(): string {
  return Array.from({ length: ONE_TIME_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

function encode(salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`;
}

function decode(hash: string): { salt: Buffer; tag: Buffer } {
  const [, , , , salt = '', tag = ''] = hash.split('$');
  return { salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

function limit(atOnce: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (waiting.length >= MAX_WAITING) throw new ApiFailure('too-many-requests', { seconds: 1 });
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
