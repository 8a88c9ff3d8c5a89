import type { PrivateState } from '../framework/resource';

/** Why the last refresh could not look at the host: a kind of HostError, or `role` for settings that do not work. */
export interface Doubt {
  readonly kind: string;
  readonly message: string;
}

const key = 'doubt';

export const withDoubt = (notes: PrivateState, doubt: Doubt): PrivateState => ({ ...notes, [key]: doubt });

export function withoutDoubt(notes: PrivateState): PrivateState {
  return Object.fromEntries(Object.entries(notes).filter(([name]) => name !== key));
}

export const doubtIn = (notes: PrivateState): Doubt | undefined => notes[key] as Doubt | undefined;
