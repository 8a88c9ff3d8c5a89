/** Programs of the role on the host. */
export const PROGRAMS = '/usr/lib/mailserver';

/** The gate that every change of Postfix goes through. */
export const GATE = `${PROGRAMS}/postfix-gate`;

/** Speaks SMTP, the policy protocol and clamd's to the host's own services. */
export const PROBE = `${PROGRAMS}/probe`;

/** What the checks found. */
export const CHECKS_STATE = '/var/lib/mailserver/checks';

/** One empty file for each blocklist that the checks found lying. */
export const BLOCKLISTS_OFF = `${CHECKS_STATE}/blocklists-off`;

/** Local part of the address that samples of spam and viruses go to; nobody keeps its mail. */
export const CHECK_RECIPIENT = 'mailserver-check';

/** What logins have sent, for the program that limits them. */
export const LOGINS_STATE = '/var/lib/mailserver/logins';

/** Where that program answers Postfix. */
export const LOGINS_SOCKET = '/run/mailserver-logins/milter.sock';

/** Where it answers Postfix about what known networks send through port 25. */
export const KNOWN_CLIENTS_SOCKET = '/run/mailserver-logins/policy.sock';

/** Where it answers root: checks, and people. */
export const LOGINS_CONTROL = '/run/mailserver-logins/control.sock';

/** Talks to smart hosts, and keeps their passwords. */
export const RELAY = `${PROGRAMS}/relay`;

/** What it has to know. */
export const RELAY_SETTINGS = `${PROGRAMS}/relay.json`;

/** Passwords for smart hosts, for root only. */
export const RELAY_STATE = '/var/lib/mailserver/relay';

/** Slows a new address down, day by day. */
export const WARM_UP = `${PROGRAMS}/warm-up`;

/** What it has to know. */
export const WARM_UP_SETTINGS = `${PROGRAMS}/warm-up.json`;

/** When each address was first used. */
export const WARM_UP_STATE = '/var/lib/mailserver/warm-up';

/** Keys of DKIM, what is signed with them, and what was seen of their records. */
export const DKIM_STATE = '/var/lib/mailserver/dkim';

/** Where the signer answers Postfix. */
export const DKIM_SOCKET = '/run/opendkim/milter.sock';

/** Makes the keys, and has the signer use them. */
export const DKIM = `${PROGRAMS}/dkim`;

/** What it has to know. */
export const DKIM_SETTINGS = `${PROGRAMS}/dkim.json`;

/** Maps of the role's users (R8). */
export const MAIL_DIRECTORY = '/etc/mail';

/** Tables that service users name in fragments of main.cf. */
export const TABLES_DIRECTORY = '/etc/postfix/tables';

/** Maps that only the stack writes. */
export const STACK_MAPS = '/etc/postfix/stack';

/** Fragments of main.cf, put together in the order of their names (R11, R12). */
export const MAIN_D = '/etc/postfix/main.d';

/** The HELO name (R9). An administrator may change it on the host; whatever says the name reads it there. */
export const HELO_NAME_FILE = '/etc/postfix/myhostname';

/** What the gate made of maps and fragments; a link that is moved in one step. */
export const GATE_CURRENT = '/var/lib/mailserver/postfix/current';

/**
 * Type of the compiled lookup tables. cdb: written in one piece and never changed after, so a table is old or new and
 * nothing between; read without locks; and no Berkeley DB, which Postfix 3.11 and other systems leave behind.
 */
export const MAP_TYPE = 'cdb';

/** A lookup table that the gate compiled. */
export function compiledMap(name: string): string {
  return `${MAP_TYPE}:${GATE_CURRENT}/maps/${name}`;
}

/** Lists of the service users for postgrey, in /etc/postfix, and the copies without a mistake that it reads (R35). */
export const POSTGREY_LISTS: Readonly<Record<'clients' | 'recipients', { readonly source: string; readonly copy: string }>> = {
  clients: {
    source: '/etc/postfix/postgrey_whitelist_clients.local',
    copy: '/var/lib/mailserver/postgrey/clients',
  },
  recipients: {
    source: '/etc/postfix/postgrey_whitelist_recipients.local',
    copy: '/var/lib/mailserver/postgrey/recipients',
  },
};

/** Loopback ports between Postfix and its filters. */
export const PORTS = {
  postgrey: 10023,
  /** amavis before the queue: incoming mail of port 25. */
  filterIncoming: 10024,
  /** Postfix takes mail back from amavis. */
  reinjection: 10025,
  /** amavis after the queue: submitted mail. */
  filterSubmission: 10026,
  /** Samples of spam and viruses enter here, on their way to the filter of incoming mail. */
  filterCheck: 10027,
  /** Postfix takes mail back that is to be signed. */
  signing: 10028,
  /** The same for mail that known networks hand in on port 25: it passes the queue once more before it is signed. */
  unsigned: 10029,
  policydWeight: 12525,
} as const;

/** Folders in which every file of the role is a program of this package. */
const PROGRAM_FOLDERS = [PROGRAMS, '/usr/local'];

/** Settings that programs read: made of the stack's, unlike the programs. */
const SETTINGS_OF_PROGRAMS = [
  `${PROGRAMS}/checks.json`,
  `${PROGRAMS}/logins.json`,
  RELAY_SETTINGS,
  WARM_UP_SETTINGS,
  DKIM_SETTINGS,
];

/** The folder of the package's programs that holds the one at a path; nothing for what differs from host to host. */
export const programFolder = (path: string): string | undefined =>
  SETTINGS_OF_PROGRAMS.includes(path) ? undefined : PROGRAM_FOLDERS.find((folder) => path.startsWith(`${folder}/`));
