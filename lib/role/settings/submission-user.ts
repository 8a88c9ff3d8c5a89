import { group } from '../../settings/group';
import { optional, required } from '../../settings/property';
import { whole } from '../../settings/whole';
import type { Problem } from './checked';
import { keyed, notEmpty, text } from './checked';

const SHORTEST = 12;
/** What the SASL library takes. */
const LONGEST = 255;

/** Never repeats the password. */
const password: Problem = (value) => {
  if (/\p{Cc}/u.test(value)) return 'the password has a line break or another control character in it';
  if (value.length < SHORTEST) {
    return `the password has ${value.length} characters: give it at least ${SHORTEST}, everybody on the internet may try`;
  }
  const length = Buffer.byteLength(value);
  return length > LONGEST ? `the password has ${length} bytes, at most ${LONGEST} are possible` : undefined;
};

/** The realm of names without an @: that of `smtpd_sasl_local_domain`. It outlives a change of the HELO name. */
export const SASL_REALM = 'mailserver';

/** A login name, by the rule of `sudo saslpasswd2`: what follows an @ is a realm of SASL, so that an address can be a name. */
const userName: Problem = (value) => {
  const empty = notEmpty(value);
  if (empty !== undefined) return empty;
  const [name = '', realm, ...more] = value.split('@');
  if (realm === SASL_REALM) return `'${value}' is the user '${name}': leave out '@${realm}'`;
  const good = /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/.test(name) && (realm === undefined || /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(realm));
  if (good && more.length === 0) return undefined;
  return `'${value}' is no user name for submission: it has letters, digits and ._+- and does not begin with one of .+-; it may be an address, such as alice@example.com`;
};

/** Who may submit mail, by the stack (R18); the password itself is write-only, so its version tells a change. */
export const submissionUsers = keyed(
  group({
    password: required(
      text(password),
      'The password, from a variable or another token, never as text in the program: it goes to the host and is stored neither in the plan nor in the state.',
      { sensitive: true, writeOnly: true },
    ),
    passwordVersion: optional(
      whole({ unit: '', min: 1, max: 1_000_000 }),
      'Raise it to have a changed password set on the host: what it was cannot be compared. Default: 1.',
    ),
  }),
  userName,
);
