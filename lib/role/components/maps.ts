import type { ManagedFile, ManagedList } from '../../host/desired-state';
import { type Component, configFile, lines, SERVICE_GROUP, serviceFile } from '../component';
import { MAP_FILES, type MapName } from '../map-files/names';
import { MAIL_DIRECTORY, TABLES_DIRECTORY } from '../paths';
import type { RoleSettings } from '../settings';
import { senderLine } from '../settings/submission-senders';

/** One of the user-customizable maps (R8): its name in the settings, what stands at its top, and its lines when the program sets it. */
interface UserMap {
  readonly name: MapName | 'submissionSenders';
  readonly about: string;
  readonly entries: (settings: RoleSettings) => readonly string[] | undefined;
}

/** Those that can come from files, and one that is short. */
const FILES = { ...MAP_FILES, submissionSenders: 'submission-senders' } as const;

const USER_MAPS: readonly UserMap[] = [
  {
    name: 'accessClient',
    about: 'client name, address or network, and an action; access(5)',
    entries: (settings) => table(settings.accessClient),
  },
  { name: 'accessHelo', about: 'HELO name and an action; access(5)', entries: (settings) => table(settings.accessHelo) },
  {
    name: 'accessRecipient',
    about: 'recipient and an action; access(5)',
    entries: (settings) => table(settings.accessRecipient),
  },
  { name: 'accessSender', about: 'sender and an action; access(5)', entries: (settings) => table(settings.accessSender) },
  {
    name: 'canonical',
    about: 'address and the address that replaces it; canonical(5)',
    entries: (settings) => table(settings.canonical),
  },
  {
    name: 'canonicalPcre',
    about: '/pattern/ and the address that replaces what matches; pcre_table(5)',
    entries: (settings) => settings.canonicalPcre,
  },
  {
    name: 'externalNetworks',
    about: 'address or CIDR network that may submit without a password, one a line',
    entries: (settings) => settings.externalNetworks,
  },
  {
    name: 'localAliases',
    about: 'name: target, target; overrules /etc/aliases; aliases(5)',
    entries: (settings) => settings.localAliases && Object.entries(settings.localAliases).map(aliasLine),
  },
  { name: 'relayDomains', about: 'domain that mail is accepted for, one a line', entries: (settings) => settings.relayDomains },
  {
    name: 'submissionSenders',
    about: 'login or network, and the domains and addresses that it may write as',
    entries: (settings) => settings.submissionSenders && Object.entries(settings.submissionSenders).map(senderLine),
  },
  {
    name: 'transport',
    about: 'address or domain, and transport:nexthop; transport(5)',
    entries: (settings) => table(settings.transport),
  },
  {
    name: 'virtualAliases',
    about: 'address and the addresses its mail goes to; virtual(5)',
    entries: (settings) => settings.virtualAliases && Object.entries(settings.virtualAliases).map(virtualLine),
  },
];

/**
 * The maps in /etc/mail (R8, R26). One that the stack sets, in the program or by a file, is the stack's; one that it leaves out is the service users':
 * an empty file to start from, then never touched again. The gate compiles both alike.
 */
export const maps: Component = ({ settings, maps: fromFiles }) => {
  const files: ManagedFile[] = [];
  const lists: ManagedList[] = [];
  const seeds: ManagedFile[] = [];
  for (const map of USER_MAPS) {
    const path = `${MAIL_DIRECTORY}/${FILES[map.name]}`;
    const entries = map.entries(settings);
    const contents = map.name === 'submissionSenders' ? undefined : fromFiles[map.name];
    if (contents) {
      const { source, sha256, bytes, lines: count } = contents;
      lists.push({ path, source, sha256, bytes, lines: count, owner: 'root', group: 'root', mode: '0644' });
    } else if (entries) files.push(configFile(path, lines(`# Written by the stack. ${map.about}`, entries)));
    else {
      const hint = '# Takes effect with: sudo /etc/init.d/postfix reload';
      seeds.push(serviceFile(path, lines(`# ${map.about}`, hint)));
    }
  }
  const directories = [
    { path: MAIL_DIRECTORY, owner: 'root', group: SERVICE_GROUP, mode: '2775' },
    // Everybody in the group adds files; nobody takes away or renames those of others.
    { path: TABLES_DIRECTORY, owner: 'root', group: SERVICE_GROUP, mode: '3775' },
  ];
  return { directories, files, lists, seeds };
};

function table(entries: Readonly<Record<string, string>> | undefined): string[] | undefined {
  return entries && Object.entries(entries).map(([key, value]) => `${key} ${value}`);
}

function virtualLine([address, targets]: [string, readonly string[]]): string {
  return `${address} ${targets.join(', ')}`;
}

function aliasLine([name, targets]: [string, readonly string[]]): string {
  return `${name}: ${targets.join(', ')}`;
}
