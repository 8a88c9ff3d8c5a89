import type { ManagedFile } from '../../host/desired-state';
import { type Component, configFile, lines, SERVICE_GROUP, serviceFile } from '../component';
import { MAIL_DIRECTORY } from '../paths';
import type { RoleSettings } from '../settings';

/** One of the user-customizable maps (R8): its file, what stands at its top, and its lines when the stack sets it. */
interface UserMap {
  readonly file: string;
  readonly about: string;
  readonly entries: (settings: RoleSettings) => readonly string[] | undefined;
}

const USER_MAPS: readonly UserMap[] = [
  {
    file: 'access-client',
    about: 'client name, address or network, and an action; access(5)',
    entries: (settings) => table(settings.accessClient),
  },
  { file: 'access-helo', about: 'HELO name and an action; access(5)', entries: (settings) => table(settings.accessHelo) },
  {
    file: 'access-recipient',
    about: 'recipient and an action; access(5)',
    entries: (settings) => table(settings.accessRecipient),
  },
  { file: 'access-sender', about: 'sender and an action; access(5)', entries: (settings) => table(settings.accessSender) },
  {
    file: 'canonical',
    about: 'address and the address that replaces it; canonical(5)',
    entries: (settings) => table(settings.canonical),
  },
  {
    file: 'canonical.pcre',
    about: '/pattern/ and the address that replaces what matches; pcre_table(5)',
    entries: (settings) => settings.canonicalPcre,
  },
  {
    file: 'external-networks',
    about: 'address or CIDR network that may submit without a password, one a line',
    entries: (settings) => settings.externalNetworks,
  },
  {
    file: 'local-aliases',
    about: 'name: target, target; overrules /etc/aliases; aliases(5)',
    entries: (settings) => settings.localAliases && Object.entries(settings.localAliases).map(aliasLine),
  },
  { file: 'relay-domains', about: 'domain that mail is accepted for, one a line', entries: (settings) => settings.relayDomains },
  {
    file: 'transport',
    about: 'address or domain, and transport:nexthop; transport(5)',
    entries: (settings) => table(settings.transport),
  },
  {
    file: 'virtual-aliases',
    about: 'address and the addresses its mail goes to; virtual(5)',
    entries: (settings) => settings.virtualAliases && Object.entries(settings.virtualAliases).map(virtualLine),
  },
];

/**
 * The eleven maps in /etc/mail (R8, R26). One that the stack sets is the stack's; one that it leaves out is the service users':
 * an empty file to start from, then never touched again. The gate compiles both alike.
 */
export const maps: Component = ({ settings }) => {
  const files: ManagedFile[] = [];
  const seeds: ManagedFile[] = [];
  for (const map of USER_MAPS) {
    const path = `${MAIL_DIRECTORY}/${map.file}`;
    const entries = map.entries(settings);
    if (entries) files.push(configFile(path, lines(`# Written by the stack. ${map.about}`, entries)));
    else {
      const hint = '# Takes effect with: sudo /etc/init.d/postfix reload';
      seeds.push(serviceFile(path, lines(`# ${map.about}`, hint)));
    }
  }
  return { directories: [{ path: MAIL_DIRECTORY, owner: 'root', group: SERVICE_GROUP, mode: '2775' }], files, seeds };
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
