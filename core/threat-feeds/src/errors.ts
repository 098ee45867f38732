import type { FeedProblem } from '@hypervigil/model';

/** A feed that cannot be read or fetched. Its code and parameters are what the platform keeps and tells. */
export class FeedError extends Error {
  readonly code: FeedProblem['code'];
  readonly params: FeedProblem['params'];
  constructor(code: FeedProblem['code'], params: FeedProblem['params'] = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(params)}`, options);
    this.name = 'FeedError';
    this.code = code;
    this.params = params;
  }
}
