import { enforceBesideOvn } from './zz-enf.ts';

for await (const m of enforceBesideOvn()) console.log(JSON.stringify(m));
