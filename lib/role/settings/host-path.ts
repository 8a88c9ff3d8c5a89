import type { Problem } from './checked';
import { oneLine } from './checked';

/** A file or directory on the mail host. */
export const hostPath: Problem = (value) => {
  const broken = oneLine(value);
  if (broken !== undefined) return broken;
  if (!value.startsWith('/')) return `'${value}' is no path on the mail host: it must begin with /`;
  if (/[\s,"'$\\]/.test(value)) return `'${value}' has a character that configuration files do not take in a path`;
  return /(^|\/)\.\.?(\/|$)/.test(value) ? `'${value}' has a . or .. in it: give the path as it is` : undefined;
};

/** Where a volume is mounted: a directory of its own. */
export const mountPoint: Problem = (value) => {
  const problem = hostPath(value);
  if (problem !== undefined) return problem;
  if (/^\/(|bin|boot|dev|etc|home|lib|lib64|proc|root|run|sbin|sys|tmp|usr|var|srv|mnt|opt)\/?$/.test(value)) {
    return `'${value}' is a directory of the system: mount the volume on one of its own, e.g. /srv/mail`;
  }
  return undefined;
};
