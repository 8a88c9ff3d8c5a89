import { nameProblem } from '../net/domain-name';
import type { Problem } from '../settings/vocabulary';

/** A full mail address, as a report is sent to. */
export const reportAddress: Problem = (value) => {
  const at = value.lastIndexOf('@');
  if (at < 1 || /[\s"<>:]/.test(value)) return `'${value}' is not a mail address: expected e.g. dmarc@example.com`;
  return nameProblem('domain of an address', value.slice(at + 1));
};
