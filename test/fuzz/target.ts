import type { Arbitrary } from 'fast-check';

/** One reader of what others wrote, what it is fed, and what must hold whatever that is. */
export interface Target<Input = unknown> {
  /** Also the name of its folder of found cases. */
  readonly name: string;
  /** Values are JSON, so that a found case can be kept as a file: bytes are text in hex. */
  readonly input: Arbitrary<Input>;
  /** Inputs that are made to be hard; tried first. */
  readonly hard?: readonly Input[];
  /** Throws when something does not hold. */
  readonly check: (input: Input) => void | Promise<void>;
  /** Processor time that one input may take, in milliseconds. Default: 250. */
  readonly milliseconds?: number;
  /** Inputs of a run without a time limit. Default: 300. */
  readonly runs?: number;
}

/** A target whose inputs are of a type that the list of all targets need not know. */
export const target = <Input>(each: Target<Input>): Target => each as unknown as Target;
