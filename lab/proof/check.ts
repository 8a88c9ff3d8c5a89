/** One line of the table that a deployment ends with. */
export interface Check {
  /** What has to be true, e.g. `virus refused in the dialogue`. */
  readonly name: string;
  readonly ok: boolean;
  /** What was seen. */
  readonly seen: string;
  /** What was expected, when it was not seen. */
  readonly expected?: string;
}

export function check(name: string, ok: boolean, seen: string, expected: string): Check {
  return ok ? { name, ok, seen } : { name, ok, seen, expected };
}

/** As `work` says; a failure of the work itself is a failed check, not the end of all others. */
export async function checked(name: string, expected: string, work: () => Promise<Check | Check[]>): Promise<Check[]> {
  try {
    return [await work()].flat();
  } catch (error) {
    return [{ name, ok: false, seen: error instanceof Error ? error.message : String(error), expected }];
  }
}
