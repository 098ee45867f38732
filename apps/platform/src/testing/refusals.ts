/** For `assert.rejects`: the platform answered with this error code. */
export const codeIs =
  (code: string) =>
  (error: { readonly body?: { readonly code: string } }): boolean =>
    error.body?.code === code;
