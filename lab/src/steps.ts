/** One line of progress. */
export interface Step {
  readonly name: string;
  readonly state: 'start' | 'done' | 'fail';
  readonly elapsedMs: number;
}

export type OnStep = (step: Step) => void;

/** Tells when a piece of work begins, and how it ended. */
export async function step<T>(onStep: OnStep, name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const tell = (state: Step['state']) => onStep({ name, state, elapsedMs: Math.round(performance.now() - began) });
  tell('start');
  try {
    const result = await work();
    tell('done');
    return result;
  } catch (error) {
    tell('fail');
    throw error;
  }
}
