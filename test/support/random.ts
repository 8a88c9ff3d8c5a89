/** The same numbers, from 0 to 1, for the same seed: Park and Miller's generator. */
export function* randomNumbers(seed: number): Generator<number, never> {
  for (let value = (seed % 2147483646) + 1; ; ) {
    value = (value * 48271) % 2147483647;
    yield value / 2147483647;
  }
}

/** A function that gives them. */
export function seeded(seed: number): () => number {
  const numbers = randomNumbers(seed);
  return () => numbers.next().value;
}

/** The same things in another order. */
export function shuffled<Thing>(things: readonly Thing[], next: () => number): Thing[] {
  return things
    .map((thing) => [next(), thing] as const)
    .sort(([one], [other]) => one - other)
    .map(([, thing]) => thing);
}
