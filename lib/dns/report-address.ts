import type { Problem } from '../role/settings/checked';
import { nameProblem } from '../role/settings/domain-name';

/** A full mail address, as a report is sent to. */
export const reportAddress: Problem = (value) => {
  const at = value.lastIndexOf('@');
  if (at < 1 || /[\s"<>:]/.test(value)) return `'${value}' is not a mail address: expected e.g. dmarc@example.com`;
  return nameProblem('domain of an address', value.slice(at + 1));
};
