import type { Problem } from '../../settings/vocabulary';

/** Users that Debian and the packages of the role have already; a service user is none of them. */
const TAKEN: ReadonlySet<string> = new Set(
  (
    'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc nobody sshd systemd-network messagebus ' +
    'admin debian postfix postdrop postgrey polw amavis debian-spamd clamav sasl service'
  ).split(' '),
);

/** A login name as Debian's useradd takes it; it becomes part of a transport's name. */
export const serviceUser: Problem = (value) => {
  if (TAKEN.has(value)) return `'${value}' is a user of the system: choose another name, e.g. webapp`;
  if (value.length > 32) return `'${value}' has ${value.length} characters, a user name has at most 32`;
  if (/^[a-z][a-z0-9_-]*$/.test(value)) return undefined;
  return `'${value}' is not a user name: it begins with a lower-case letter and goes on with those, digits, - and _`;
};
