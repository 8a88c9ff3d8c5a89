import { nameProblem } from '../../net/domain-name';
import type { Problem } from '../../settings/vocabulary';
import { oneLine } from '../../settings/vocabulary';

/** A private mirror of ClamAV's signatures: a host name or an http(s) URL. */
export const clamavMirror: Problem = (value) => {
  const broken = oneLine(value);
  if (broken !== undefined) return broken;
  if (!value.includes('://')) return nameProblem('mirror', value);
  if (/^https?:\/\/[^/]*@/.test(value))
    return 'has a user or password in it, which freshclam would write to its log: use a mirror without';
  if (!/^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(value))
    return `'${value}' is not a URL of a mirror: expected e.g. https://mirror.example.com/clamav`;
  if (/\.c[lvu]d$/.test(value)) return `'${value}' is the URL of a file: give the folder it is in`;
  return undefined;
};
