import type { MachineSpec } from '../model/contracts';
import {
  amazonResolver,
  cloudNameServers,
  nameServer,
  publicResolvers,
  receiver,
  resolver,
  rootServer,
  senders,
  strictReceiver,
  vpcDns,
} from '../model/world-addresses';
import { internet, operatorIpv4, operatorIpv6 } from '../network';

const machine = (name: string, hostName: string, addresses: readonly string[]): MachineSpec => ({
  name,
  image: 'world',
  hostName: hostName.replace(/\.$/, ''),
  network: internet,
  addresses: addresses.map((address) => `${address}/${address.includes(':') ? 64 : 24}`),
  gateways: addresses.some((address) => address.includes(':')) ? [operatorIpv4, operatorIpv6] : [operatorIpv4],
  nameServers: [resolver.ipv4],
  publicKeys: [],
  volumes: [],
});

/** The machines of everybody else: name servers, people who send, somebody who receives. */
export const worldMachines = {
  dns: machine(
    'dns',
    nameServer.name,
    [...cloudNameServers.flat(), rootServer, ...publicResolvers, vpcDns, amazonResolver].map(({ ipv4 }) => ipv4),
  ),
  sender: machine(
    'sender',
    senders.clean.name,
    Object.values(senders).flatMap((sender) => ('ipv6' in sender ? [sender.ipv4, sender.ipv6] : [sender.ipv4])),
  ),
  receiver: machine('receiver', receiver.name, [receiver.ipv4, strictReceiver.ipv4, strictReceiver.ipv6]),
} as const;
