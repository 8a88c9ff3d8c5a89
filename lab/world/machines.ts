import type { MachineSpec } from '../contracts';
import { internet, operatorIpv4 } from '../network';
import { nameServer, receiver, resolver, senders } from './addresses';

const machine = (name: string, hostName: string, addresses: readonly string[]): MachineSpec => ({
  name,
  image: 'world',
  hostName: hostName.replace(/\.$/, ''),
  network: internet,
  addresses: addresses.map((address) => `${address}/24`),
  gateways: [operatorIpv4],
  nameServers: [resolver.ipv4],
  publicKeys: [],
  volumes: [],
});

/** The machines of everybody else: name servers, people who send, somebody who receives. */
export const worldMachines = {
  dns: machine('dns', nameServer.name, [nameServer.ipv4, resolver.ipv4]),
  sender: machine(
    'sender',
    senders.clean.name,
    Object.values(senders).map(({ ipv4 }) => ipv4),
  ),
  receiver: machine('receiver', receiver.name, [receiver.ipv4]),
} as const;
