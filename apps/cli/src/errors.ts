/** A mistake in how hv was called, or a state that hv can explain. `code` names the sentence in the language files. */
export class CliError extends Error {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  constructor(code: string, params: Record<string, string | number> = {}, options?: ErrorOptions) {
    super(code, options);
    this.name = 'CliError';
    this.code = code;
    this.params = params;
  }
}
