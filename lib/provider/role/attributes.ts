import type { HostView } from '../../host/host-view';
import { roleSettings } from '../../role/settings';
import { type Attribute, computed, numberType, stringMapType, stringType } from '../framework/attributes';
import { attributesOf } from '../framework/zod-attributes';
import { resourceSettings } from './resource-settings';

export const roleAttributes = attributesOf(roleSettings);
export const ownAttributes = attributesOf(resourceSettings);

const viewDescriptions: Readonly<Record<keyof HostView, string>> = {
  files:
    'Managed files with their whole content, as they are on the host, but for the programs of this package; files of the service users as they were at the last refresh.',
  programs: 'Version, number and digest of the programs of this package, by folder; or which of them are others on the host.',
  permissions: 'Owner, group and mode of managed directories, and of managed files other than root:root 0644.',
  created_once: 'Files that belong to the service users: created when absent, never overwritten.',
  packages: 'Packages.',
  groups: 'Groups.',
  users: 'Users with their groups.',
  services: 'Services with their state.',
  derived: 'What the host computes from files, e.g. compiled maps, and whether it is current.',
  volumes: 'Mount points with the volume mounted there.',
};

/** The computed attributes that show the host itself; their difference is the plan. */
export const viewNames = Object.keys(viewDescriptions) as readonly (keyof HostView)[];

const factAttributes: readonly Attribute[] = [
  computed('id', stringType, 'Address and port of the host.'),
  computed('host_key', stringType, 'Fingerprint of the host key that the host proved to have.'),
  computed('cores', numberType, 'Processor cores of the host.'),
  computed('memory_mib', numberType, 'Memory of the host in MiB.'),
  computed(
    'dkim_records',
    stringMapType,
    'With `dkim`: texts of the TXT records `SELECTOR._domainkey.HELO-NAME`, by selector: the public halves of the keys that the host made.',
  ),
];

/** All attributes of `mailserver_role`. */
export const attributes: readonly Attribute[] = [
  ...roleAttributes,
  ...ownAttributes,
  ...factAttributes,
  ...viewNames.map((name) => computed(name, stringMapType, viewDescriptions[name])),
];
