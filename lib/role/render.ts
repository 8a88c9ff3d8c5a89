import { version } from '../../package.json';
import type { DesiredState } from '../host/desired-state';
import type { Capacity } from './capacity';
import type { Component, ComponentState } from './component';
import { aliases } from './components/aliases';
import { amavis } from './components/amavis';
import { amavisStorage } from './components/amavis-storage';
import { checks } from './components/checks';
import { clamav } from './components/clamav';
import { dkim } from './components/dkim';
import { gate } from './components/gate';
import { localPorts } from './components/local-ports';
import { logins } from './components/logins';
import { maps } from './components/maps';
import { metadataService } from './components/metadata-service';
import { ownSenders } from './components/own-senders';
import { policydWeight } from './components/policyd-weight';
import { postfix } from './components/postfix';
import { postfixMain } from './components/postfix-main';
import { postfixMaster } from './components/postfix-master';
import { postgrey } from './components/postgrey';
import { postscreen } from './components/postscreen';
import { probes } from './components/probes';
import { relay, waitingMail } from './components/relay';
import { resolvers } from './components/resolvers';
import { sasl } from './components/sasl';
import { serviceUsers } from './components/service-users';
import { spamassassin } from './components/spamassassin';
import { stackDomains } from './components/stack-domains';
import { stateVolume } from './components/state-volume';
import { sudo } from './components/sudo';
import { tls } from './components/tls';
import { warmUp } from './components/warm-up';
import { type MapsFromFiles, unreadMaps } from './map-files/contents';
import { programFolder } from './paths';
import type { RoleSettings } from './settings';

/**
 * In the order in which the host brings them about: filters and policy services run before Postfix asks them, certificate and
 * maps are made before Postfix loads them.
 */
const COMPONENTS: readonly Component[] = [
  stateVolume,
  resolvers,
  metadataService,
  serviceUsers,
  sudo,
  localPorts,
  spamassassin,
  clamav,
  amavis,
  amavisStorage,
  policydWeight,
  postgrey,
  sasl,
  tls,
  aliases,
  maps,
  stackDomains,
  ownSenders,
  logins,
  warmUp,
  relay,
  dkim,
  postfixMain,
  postfixMaster,
  gate,
  waitingMail,
  postfix,
  postscreen,
  probes,
  checks,
];

/**
 * What the host of these settings looks like. Pure: texts flow through as they are, unknown ones too.
 *
 * @param maps what is known of `mapFiles`. Default: nothing but their paths.
 */
export function renderRole(
  settings: RoleSettings,
  capacity: Capacity,
  maps: MapsFromFiles = unreadMaps(settings.mapFiles),
): DesiredState {
  const parts = COMPONENTS.map((component) => component({ settings, capacity, maps }));
  const volume = parts.find((part) => part.volume)?.volume;
  return {
    os: { id: 'debian', versionId: '13' },
    ...(volume && { volume }),
    groups: collect(parts, (part) => part.groups),
    users: collect(parts, (part) => part.users),
    packages: [...new Set(collect(parts, (part) => part.packages))].sort(),
    debconf: collect(parts, (part) => part.debconf),
    absentPackages: [...new Set(collect(parts, (part) => part.absentPackages))].sort(),
    directories: collect(parts, (part) => part.directories),
    files: byPath(collect(parts, (part) => part.files)),
    lists: byPath(collect(parts, (part) => part.lists)),
    programs: { version: `cdktf-mailserver ${version}`, folderOf: programFolder },
    seeds: byPath(collect(parts, (part) => part.seeds)),
    validators: collect(parts, (part) => part.validators),
    derived: collect(parts, (part) => part.derived),
    secrets: collect(parts, (part) => part.secrets),
    services: collect(parts, (part) => part.services),
    probes: collect(parts, (part) => part.probes),
  };
}

function collect<T>(parts: readonly ComponentState[], share: (part: ComponentState) => readonly T[] | undefined): T[] {
  return parts.flatMap((part) => share(part) ?? []);
}

function byPath<T extends { readonly path: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
}
