import { isIPv4 } from 'node:net';

/** What has to exist outside of the lab. */
export interface RealWorldSettings {
  readonly mailDomain: string;
  readonly heloName: string;
  readonly zone: string;
  readonly adminCidr: string;
}

/** Names that nobody can own: RFC 2606 and RFC 6761. Route 53 refuses a zone for `example.com`. */
const RESERVED_NAME = /(^|\.)(example\.(com|net|org)|example|test|invalid|localhost|local|internal|onion)\.?$/i;

/** Networks of documentation (RFC 5737), as the first three octets. */
const DOCUMENTATION = ['192.0.2', '198.51.100', '203.0.113'];

/** What of the settings only an example can have, with the variable to set; empty when everything may be real. */
export function unrealSettings({ mailDomain, heloName, zone, adminCidr }: RealWorldSettings): readonly string[] {
  const names = [
    [mailDomain, 'MAILSERVER_DOMAIN', 'the domain that the host takes mail for, with a zone in Route 53'],
    [heloName, 'MAILSERVER_HELO_NAME', 'the name of the mail host'],
    [zone, 'MAILSERVER_ZONE', 'the zone in Route 53 that holds both'],
  ] as const;
  const reserved = names
    .filter(([name]) => RESERVED_NAME.test(name))
    .map(([name, variable, meaning]) => `'${name}' is a reserved name, which nobody can own: set ${variable} to ${meaning}`);
  // The other two follow from the domain unless they are set.
  const [first] = reserved;
  const told = first !== undefined && RESERVED_NAME.test(mailDomain) ? [first] : reserved;
  return [...told, ...networkProblem(adminCidr)];
}

function networkProblem(cidr: string): string[] {
  const [address = ''] = cidr.split('/');
  const isExample = isIPv4(address) && DOCUMENTATION.some((network) => address.startsWith(`${network}.`));
  return isExample
    ? [
        `'${cidr}' is a network of documentation, from which nobody can log in: set MAILSERVER_ADMIN_CIDR to the network that you run Terraform from, as the internet sees it`,
      ]
    : [];
}
