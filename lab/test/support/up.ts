import { labUp } from '../../src/index.ts';
import { smallCloud } from './small-cloud.ts';

const [id = '', stateDir = ''] = process.argv.slice(2);
const onStep = (step: { name: string; state: string }) => process.stdout.write(`${step.state} ${step.name}\n`);
await labUp({ id, stateDir, vms: smallCloud(), onStep });
