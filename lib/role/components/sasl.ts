import type { DerivedState } from '../../host/desired-state';
import { type Component, configFile, executable, lines } from '../component';
import { PROGRAMS } from '../paths';
import passwordProgram from '../remote/password-problem.py';
import saslChange from '../remote/sasl-change.sh';
import saslDatabase from '../remote/sasl-database.sh';
import saslTool from '../remote/sasl-tool.sh';
import saslUsers from '../remote/sasl-users.py';
import weakWords from '../remote/weak-words.json';
import type { RoleSettings } from '../settings';
import { SASL_REALM } from '../settings/submission-user';

/** Passwords of submission (R18); not /etc/sasldb2, so that they can live on the state volume. */
const DIRECTORY = '/var/lib/mailserver/sasl';

/** What smtpd(8) knows of logins; it reads this when it starts. */
export const SMTPD_CONF = '/etc/postfix/sasl/smtpd.conf';

const CREATE_DATABASE = `${PROGRAMS}/sasl-database`;

const STACK_USERS_PROGRAM = `${PROGRAMS}/sasl-users`;

/**
 * SASL for the submission ports (R18, R38, R39): Cyrus with passwords in sasldb, which stores them in clear text; hence the
 * file is for Postfix only and nothing but PLAIN and LOGIN over TLS is offered.
 */
export const sasl: Component = ({ settings }) => ({
  packages: ['libsasl2-modules', 'sasl2-bin'],
  users: [{ name: 'postfix', home: '/var/spool/postfix', shell: '/usr/sbin/nologin', groups: ['sasl'], fromPackage: true }],
  directories: [
    { path: DIRECTORY, owner: 'root', group: 'sasl', mode: '2750' },
    { path: '/etc/postfix/sasl', owner: 'root', group: 'root', mode: '0755' },
  ],
  files: [
    configFile(
      SMTPD_CONF,
      lines('pwcheck_method: auxprop', 'auxprop_plugin: sasldb', `sasldb_path: ${DIRECTORY}/sasldb2`, 'mech_list: PLAIN LOGIN'),
    ),
    configFile(`${PROGRAMS}/sasl.conf`, lines(`database=${DIRECTORY}/sasldb2`, `realm=${SASL_REALM}`)),
    executable(CREATE_DATABASE, saslDatabase),
    executable(`${PROGRAMS}/sasl-change`, saslChange),
    executable(STACK_USERS_PROGRAM, saslUsers),
    executable(`${PROGRAMS}/password-problem`, passwordProgram),
    configFile(`${PROGRAMS}/weak-words.json`, `${JSON.stringify(weakWords)}\n`),
    executable('/usr/local/sbin/saslpasswd2', saslTool),
    executable('/usr/local/sbin/sasldblistusers2', saslTool),
  ],
  derived: [
    {
      name: 'SASL password database',
      check: `test -e ${DIRECTORY}/sasldb2 || { echo "there is none yet"; exit 1; }`,
      build: CREATE_DATABASE,
    },
    stackUsers(settings),
  ],
  secrets:
    Object.keys(settings.submissionUsers ?? {}).length === 0
      ? []
      : [{ derived: STACK_USERS, name: 'submission-users.json', content: passwords(settings) }],
});

/** Name of what the host makes of `submissionUsers`. */
const STACK_USERS = 'submission users of the stack';

/** Command lines hold names and versions only. Most stacks name nobody, and then there is nothing to look at. */
function stackUsers({ submissionUsers = {} }: RoleSettings): DerivedState {
  const wanted = Object.entries(submissionUsers).map(([name, { passwordVersion = 1 }]) => ` ${name}=${passwordVersion}`);
  const check = `${STACK_USERS_PROGRAM} check${wanted.join('')}`;
  return {
    name: STACK_USERS,
    check: wanted.length > 0 ? check : `test ! -e ${DIRECTORY}/stack-users.json || ${check}`,
    build: `${STACK_USERS_PROGRAM} apply${wanted.join('')}`,
  };
}

/** In a state, and in a plan, the passwords are absent. */
function passwords({ submissionUsers = {} }: RoleSettings): string {
  const known = Object.entries(submissionUsers).filter(([, user]) => (user.password as string | undefined) !== undefined);
  const users = known.map(([name, { password, passwordVersion = 1 }]) => [name, { version: passwordVersion, password }]);
  return `${JSON.stringify(Object.fromEntries(users))}\n`;
}

/** The part of main.cf about SASL; each submission service switches it on for itself, port 25 never does. */
export function saslParameters(): string[] {
  return [
    '# SASL, used by the submission ports.',
    'smtpd_sasl_auth_enable = no',
    'smtpd_sasl_type = cyrus',
    'smtpd_sasl_path = smtpd',
    'cyrus_sasl_config_path = /etc/postfix/sasl',
    `smtpd_sasl_local_domain = ${SASL_REALM}`,
    'smtpd_sasl_security_options = noanonymous',
    'smtpd_tls_auth_only = yes',
  ];
}
