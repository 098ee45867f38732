import { HOST_ATTACKS } from '../attacks/all.ts';
import { proveAttacks } from './support/prove-attacks.ts';

proveAttacks(HOST_ATTACKS, 'a');
