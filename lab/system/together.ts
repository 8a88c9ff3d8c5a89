/**
 * All results, as `Promise.all`, but a failure is reported only when every part has ended: whoever cleans up then has nothing coming
 * behind.
 * @throws what the first part to fail has thrown.
 */
export async function together<T extends readonly unknown[]>(...parts: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const all = Promise.all(parts);
  // Its failure is looked at later, which Node must not take for never.
  all.catch(() => undefined);
  await Promise.allSettled(parts);
  return all;
}
