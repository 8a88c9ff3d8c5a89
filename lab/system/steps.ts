/** Progress of a piece of work that a person waits for. */
export interface Step {
  /** What is done, e.g. `build image debian-13`. The same text in all events of one step. */
  readonly title: string;
  readonly state: 'started' | 'done' | 'failed';
  /** Duration, once it has ended. */
  readonly milliseconds?: number;
}

/** Steps may overlap; each is `started` once, and then once `done` or `failed`. */
export type OnStep = (step: Step) => void;

/** Does the work as a step of its own. */
export async function step<T>(onStep: OnStep, title: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const ended = () => ({ title, milliseconds: Math.round(performance.now() - begin) });
  onStep({ title, state: 'started' });
  try {
    const result = await work();
    onStep({ ...ended(), state: 'done' });
    return result;
  } catch (error) {
    onStep({ ...ended(), state: 'failed' });
    throw error;
  }
}
