import { GATEWAY_ATTACKS } from '../attacks/all.ts';
import { proveAttacks } from './support/prove-attacks.ts';

proveAttacks(GATEWAY_ATTACKS, 'v');
