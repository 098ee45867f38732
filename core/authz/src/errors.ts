/** The policies are wrong, or were asked something that their schema does not know: a mistake of ours, never of a caller. */
export class AuthzError extends Error {
  readonly code: 'bad-policy' | 'bad-request';
  constructor(code: AuthzError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AuthzError';
    this.code = code;
  }
}
