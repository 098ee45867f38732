export { ATTACKS, BEGIN_MS } from './attacks.ts';
export { BENIGN } from './benign.ts';
export { DAYS } from './days.ts';
export { SLOW_ATTACKS } from './slow-attacks.ts';
export { type Arrival, play, repeatedly, type Scene, VMS } from './traffic.ts';
export { type Told, watch } from './watch.ts';
export { WEEKS } from './weeks.ts';
