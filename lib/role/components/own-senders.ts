import { type Component, configFile, lines } from '../component';
import type { MapsFromFiles } from '../map-files/contents';
import { STACK_MAPS } from '../paths';
import type { RoleSettings } from '../settings';
import { relayedByMap, virtualDomains } from '../virtual-domains';

/** The compiled table: a sender in one of the stack's own domains, and its refusal. */
export const OWN_SENDERS = 'stack-own-senders.pcre';

/**
 * The domains that nobody outside sends for: a stranger's mail with such an envelope sender is refused. Who is in
 * `external-networks` or logs in is asked before; so is whoever an access map permits, such as a forwarder that leaves the sender as
 * it is. Subdomains are another matter: services elsewhere send from them.
 */
export const ownSenders: Component = ({ settings, maps }) => {
  const { heloName } = settings;
  const elsewhere = new Set(settings.sendersElsewhere?.map((name) => name.toLowerCase()));
  const named = [heloName, 'localhost', ...ownDomains(settings, maps)];
  const own = named
    .filter((name) => !name.startsWith('.') && !elsewhere.has(name.toLowerCase()))
    .map((name) => (name === heloName ? '$myhostname' : name));
  return {
    files: [
      configFile(
        `${STACK_MAPS}/own-senders`,
        lines('# Written by the stack: domains that only this host sends for.', [...new Set(own)]),
      ),
    ],
  };
};

/** The HELO name and the mail domains of the stack; `.example.com` stands for all subdomains of one. */
export function ownDomains(settings: RoleSettings, maps: MapsFromFiles): string[] {
  return [
    settings.heloName,
    ...Object.keys(settings.domains ?? {}),
    ...virtualDomains(settings, maps),
    ...relayedByMap(settings, maps),
  ];
}
