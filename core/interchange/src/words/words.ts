import type { ReasonCode, ReasonParams } from '../importers/report.ts';
import type { FileMistakeCode, FileMistakeParams } from '../mistake.ts';

/** A sentence for every code, in one language. A code without one does not compile. */
export interface Words {
  readonly reasons: { readonly [C in ReasonCode]: (params: ReasonParams[C]) => string };
  readonly mistakes: { readonly [C in FileMistakeCode]: (params: FileMistakeParams[C]) => string };
}
