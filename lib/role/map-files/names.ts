/** The maps that can come from files: the property of the settings, and the file below /etc/mail. */
export const MAP_FILES = {
  accessClient: 'access-client',
  accessHelo: 'access-helo',
  accessRecipient: 'access-recipient',
  accessSender: 'access-sender',
  canonical: 'canonical',
  canonicalPcre: 'canonical.pcre',
  externalNetworks: 'external-networks',
  localAliases: 'local-aliases',
  relayDomains: 'relay-domains',
  transport: 'transport',
  virtualAliases: 'virtual-aliases',
} as const;

export type MapName = keyof typeof MAP_FILES;

export const MAP_NAMES = Object.keys(MAP_FILES) as readonly MapName[];
