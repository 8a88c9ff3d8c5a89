/** What is known of a zone at synth, to tell whether two records are written to the same one. */
export interface ZoneFacts {
  /** Its id, where it is a literal. */
  readonly id?: string;
  /** What an unknown id refers to. */
  readonly reference?: string;
  /** The name that the world asks for. */
  readonly publicName?: string;
  /** How its account is reached, where that is known. */
  readonly account?: string;
}

/**
 * Whether two zones are the same. Ids and references decide; a public zone is also known by its name, of which the world asks only one in
 * an account. What cannot be compared is not the same: nothing is refused on a guess.
 */
export function isSameZone(left: ZoneFacts, right: ZoneFacts): boolean {
  if (left.id !== undefined && right.id !== undefined) return left.id === right.id;
  if (left.reference !== undefined && left.reference === right.reference) return true;
  if (left.publicName === undefined || left.publicName !== right.publicName) return false;
  return left.account === undefined || right.account === undefined || left.account === right.account;
}
