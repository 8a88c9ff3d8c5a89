import { Token } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { canonicalAddress } from '../../net/ip-network';
import type { IMailHost } from '../host/mail-host';
import { MailServerInputError } from '../synth/errors';
import { formerOwner } from '../synth/owners';

/** What a mail server has for itself alone, in all stacks of an app. */
export interface Possessions {
  readonly host: IMailHost;
  readonly heloName: string;
}

/**
 * Finds a second mail server with the same machine or HELO name: the name service would refuse it after minutes, or two
 * hosts would take each other's names away in turns.
 *
 * @throws MailServerInputError with the paths of both, and what to do
 */
export function claimForServer(server: IConstruct, { host, heloName }: Possessions): void {
  claimMachine(server, host);
  const namesake = formerOwner(server, `helo ${heloName}`);
  if (namesake) {
    throw refused(
      server,
      `heloName '${heloName}' is the HELO name of ${namesake.node.path}, too: A record, PTR and MX lead to one machine, so give each mail server a name of its own`,
    );
  }
}

/**
 * Finds a second owner of the records of a mail domain.
 *
 * @throws MailServerInputError with the paths of both, and what to do
 */
export function claimDomains(owner: IConstruct, mailDomains: readonly string[]): void {
  for (const domain of mailDomains) {
    const other = formerOwner(owner, `mail domain ${domain}`);
    if (!other) continue;
    throw refused(
      owner,
      `mail domain '${domain}' has two owners, ${other.node.path} and ${owner.node.path}, which both write its MX: ` +
        `make the hosts of '${domain}' one MailServers, or leave the domain out of one of the two`,
    );
  }
}

function claimMachine(server: IConstruct, host: IMailHost): void {
  const name = Construct.isConstruct(host) ? host.node.path : 'this host';
  const other = formerOwner(server, host);
  if (other) {
    throw refused(
      server,
      `host: ${name} is the machine of ${other.node.path} already, and a machine has one HELO name: ` +
        `give ${server.node.path} a machine of its own, or add its domains to ${other.node.path}`,
    );
  }
  for (const address of [host.publicIpv4, host.publicIpv6]) {
    if (address === undefined || Token.isUnresolved(address)) continue;
    const neighbour = formerOwner(server, `address ${canonicalAddress(address)}`);
    if (!neighbour) continue;
    throw refused(
      server,
      `host: ${name} has the address ${address}, which is that of ${neighbour.node.path} already, and an address answers with one name: ` +
        `give ${server.node.path} an address of its own, or add its domains to ${neighbour.node.path}`,
    );
  }
}

const refused = (server: IConstruct, message: string) => new MailServerInputError(server, message);
