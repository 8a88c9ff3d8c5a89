import * as z from 'zod/mini';
import { group } from '../../settings/group';
import { optional, required } from '../../settings/property';
import { distinct, keyed, notEmpty, type Problem, text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';
import { sendingLimits } from './sending-limits';
import { senderEntry } from './submission-senders';

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
  return `'${value}' is not a user name for submission: it has letters, digits and ._+- and does not begin with one of .+-; it may be an address, such as alice@example.com`;
};

const NO_SENDER = 'the list is empty: the login could send nothing; leave it out or name a domain';

/** Who may submit mail, by the stack; the password itself is write-only, so its version tells a change. */
export const submissionUsers = keyed(
  group({
    password: required(
      text(),
      'The password, from a variable or another token, never as text in the program: it goes to the host and is stored neither in the plan nor in the state.',
      { sensitive: true, writeOnly: true },
    ),
    passwordVersion: optional(
      whole({ unit: '', min: 1, max: 1_000_000 }),
      'Raise it to have a changed password set on the host: what it was cannot be compared. Default: 1.',
    ),
    senders: optional(
      distinct(text(senderEntry)).check(z.minLength(1, { error: () => NO_SENDER })),
      'Whom the login may write as, in the envelope and in the From field: domains, `.example.com` for all subdomains of one, addresses, or `*` for anybody. Default: the mail domains of the stack and the HELO name.',
    ),
    limits: optional(sendingLimits, 'How much the login may send, where that is not what `loginLimits` says.'),
  }),
  userName,
);
