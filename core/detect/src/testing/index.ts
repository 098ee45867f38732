export { ATTACKS, BEGIN_MS } from './attacks.ts';
export { BENIGN } from './benign.ts';
export { type Arrival, play, repeatedly, type Scene, VMS } from './traffic.ts';
export { type Told, watch } from './watch.ts';
