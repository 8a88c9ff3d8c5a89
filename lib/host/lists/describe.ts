/** A list as plan and state have it: never its content. */
export function describeList({ lines, sha256 }: { readonly lines: number; readonly sha256: string }): string {
  return `${lines} lines, SHA-256 ${sha256}`;
}
