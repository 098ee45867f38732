import { randomFillSync } from 'node:crypto';

const OCTETS = 6;
const AT_ONCE = 1024;

/**
 * Keys of flows: 48 random bits as eight characters of base64url. With host and moment they tell flows apart, and every flow is
 * kept with one. Nobody can choose connections that have one key, to hide one behind the other: nobody knows the next.
 */
export function createKeys(): () => string {
  const random = Buffer.alloc(OCTETS * AT_ONCE);
  let at = random.length;
  return () => {
    if (at === random.length) {
      randomFillSync(random);
      at = 0;
    }
    at += OCTETS;
    return random.toString('base64url', at - OCTETS, at);
  };
}
