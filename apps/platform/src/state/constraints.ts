import type { ApiFailure } from '../errors.ts';
import { brokenConstraint } from './database.ts';

/**
 * Runs `run`, and says in the API's words which constraint it broke. The database decides, so that of two requests at
 * once one is refused; a look beforehand could not promise that.
 */
export async function explaining<T>(
  failures: Readonly<Record<string, () => ApiFailure>>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw failures[brokenConstraint(error) ?? '']?.() ?? error;
  }
}
