import type { api, ResponseOf } from '@hypervigil/contract';
import { APPLICATIONS, RISKS } from '@hypervigil/model';

/** Everything that a rule can block by its own name; host names are everybody's. */
export const RECOGNISABLE: ResponseOf<(typeof api)['listRecognisable']>['items'] = [
  ...APPLICATIONS.map((name) => ({ kind: 'application' as const, name, num: null })),
  ...RISKS.map((name, place) => ({ kind: 'risk' as const, name, num: place + 1 })),
];
