import { Token } from 'cdktf';
import type { RoleSettings } from '../../role/settings';
import type { IMailHost } from '../host/mail-host';
import { joined } from '../synth/tokens';

/** The settings of the role that follow from others, and from the machine. */
export function derivedSettings(host: IMailHost, own: RoleSettings): Partial<RoleSettings> {
  const { bindIpv4, publicIpv4, publicIpv6, stateVolumeId, metadataRootOnly, adminNetworks = [] } = host;
  return {
    serviceUsers: withRecipients(own),
    bindIpv4,
    // The address itself: nothing translates IPv6.
    bindIpv6: own.bindIpv6 ?? publicIpv6,
    // Behind 1:1 NAT Postfix cannot see that mail for the public address is mail for itself.
    proxyAddresses: bindIpv4 === undefined || bindIpv4 === publicIpv4 ? undefined : [publicIpv4],
    stateVolume: stateVolumeId === undefined ? undefined : { volumeId: stateVolumeId },
    metadataRootOnly: metadataRootOnly || own.metadataRootOnly,
    neverShutOut: adminNetworks.length === 0 ? own.neverShutOut : joined(own.neverShutOut ?? [], adminNetworks),
  };
}

/** The service users, and those that mail is delivered to: a domain must not name a user that nobody makes. */
function withRecipients({ domains, serviceUsers }: RoleSettings): string[] | undefined {
  const ways = Token.isUnresolved(domains) ? [] : Object.values(domains ?? {});
  const recipients = ways.flatMap(({ deliverTo }) => deliverTo ?? []);
  return recipients.length === 0 ? serviceUsers : joined(serviceUsers ?? [], recipients);
}
