import type { Problem } from './vocabulary';

/** Directories that the system or the role fill themselves. */
const SYSTEM =
  /^\/((|home|lib|lib64|mnt|opt|root|srv|var|var\/(backups|cache|lib|log|mail|opt|spool|tmp))$|(bin|boot|dev|etc|proc|run|sbin|sys|tmp|usr)(\/|$))/;

/** A file or directory on the mail host. */
export const hostPath: Problem = (value) => {
  // What is pasted here by mistake is often a key: never repeated.
  if (/-----BEGIN /.test(value)) return 'holds the text of a key or certificate: give the path of the file on the mail host';
  if (/[\r\n\0]/.test(value)) return `${JSON.stringify(value)} has a line break: a path is one line`;
  const file = /^file:\/\/(\/.*)$/.exec(value)?.[1];
  if (file !== undefined) return `'${value}' is a URL: give only the path '${file}'`;
  if (!value.startsWith('/')) return `'${value}' is not a path on the mail host: it must begin with /`;
  if (/[\s,"'$\\#]/.test(value)) return `'${value}' has a character that configuration files do not take in a path`;
  if (/\*|\?/.test(value)) return `'${value}' has a * or ?, and patterns are not expanded: give the path itself`;
  if (value.includes('//')) return `'${value}' has two slashes in a row: give the path as it is`;
  return /(^|\/)\.\.?(\/|$)/.test(value) ? `'${value}' has a . or .. in it: give the path as it is` : undefined;
};

/** A file on the mail host. */
export const hostFile: Problem = (value) =>
  hostPath(value) ?? (value.endsWith('/') ? `'${value}' is a directory: give the path of a file` : undefined);

/** Where a volume is mounted: a directory of its own. */
export const mountPoint: Problem = (value) => {
  const problem = hostPath(value);
  if (problem !== undefined) return problem;
  if (SYSTEM.test(value.replace(/(.)\/+$/, '$1'))) {
    return `'${value}' is a directory of the system: mount the volume on one of its own, e.g. /srv/mail`;
  }
  return undefined;
};

/** A block device: the id its cloud knows it by, or a path below /dev. */
export const volumeId: Problem = (value) => {
  if (value.trim() === '') return 'is empty: give the id of the volume, e.g. vol-0123456789abcdef0';
  if (/\s/.test(value))
    return `${JSON.stringify(value)} has white space in it: give the id of the volume, e.g. vol-0123456789abcdef0`;
  if (/^arn:/.test(value)) return `'${value}' is an ARN: give what follows volume/, e.g. vol-0123456789abcdef0`;
  if (value.startsWith('snap-')) return `'${value}' is a snapshot: make a volume of it and give the id of that`;
  if (value.includes('/') && !/^\/dev\/./.test(value))
    return `'${value}' is not a volume: give its id, e.g. vol-0123456789abcdef0, or a path below /dev`;
  return undefined;
};
