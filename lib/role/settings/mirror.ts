import type { Problem } from './checked';
import { oneLine } from './checked';
import { nameProblem } from './domain-name';

/** A private mirror of ClamAV's signatures: a host name or an http(s) URL. */
export const clamavMirror: Problem = (value) => {
  const broken = oneLine(value);
  if (broken !== undefined) return broken;
  if (!value.includes('://')) return nameProblem('mirror', value);
  if (!/^https?:\/\/[^\s/]+(\/\S*)?$/.test(value))
    return `'${value}' is no URL of a mirror: expected e.g. https://mirror.example.com/clamav`;
  return undefined;
};
