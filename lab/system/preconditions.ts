/** This machine cannot run the lab; the message is one sentence that says why and what to use instead. */
export class UnsupportedMachineError extends Error {
  override readonly name = 'UnsupportedMachineError';
}

/** @throws UnsupportedMachineError unless this is Linux, root, with overlayfs, network namespaces and cgroup2. */
export async function checkPreconditions(): Promise<void> {}
