import type { Problem } from '../../settings/vocabulary';

/** What people take one kind of id for, by the beginning of the other. */
type Mistaken = Readonly<Record<string, string>>;

/**
 * An id of EC2: the kind and 17 hexadecimal digits, 8 for what was made before 2016. Messages name what was given in its place.
 */
function ec2Id(prefix: string, what: string, mistaken: Mistaken): Problem {
  const example = `${prefix}-0123456789abcdef0`;
  return (value) => {
    if (value.trim() === '') return `is empty: give the id of ${what}, e.g. ${example}, or leave it out`;
    if (/\s/.test(value))
      return `${/[\r\n\t]/.test(value) ? JSON.stringify(value) : `'${value}'`} has white space in it: give the id alone, e.g. ${example}`;
    if (/^arn:/.test(value)) return `'${value}' is an ARN: give what follows the last slash, e.g. ${example}`;
    const kind = Object.keys(mistaken).find((start) => value.startsWith(start));
    if (kind !== undefined) return `'${value}' is ${mistaken[kind]}: give the id of ${what}, e.g. ${example}`;
    if (new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(value)) return undefined;
    const letters = value !== value.toLowerCase() ? '; ids are in lower case' : '';
    return `'${value}' is not the id of ${what}: expected ${prefix}- and 17 hexadecimal digits, e.g. ${example}${letters}`;
  };
}

/** Id of an image. */
export const imageId = ec2Id('ami', 'an image', {
  'aki-': 'a kernel',
  'resolve:': 'a parameter, which the resource cannot resolve',
  '/aws/service/': 'a parameter, which the resource cannot resolve',
  'snap-': 'a snapshot',
  debian: 'the name of an image',
});

/** Allocation id of an Elastic IP. */
export const allocationId: Problem = (value) =>
  /^\d+\.\d+\.\d+\.\d+$/.test(value)
    ? `'${value}' is the address itself: give its allocation id, e.g. eipalloc-0123456789abcdef0`
    : elasticIp(value);

const elasticIp = ec2Id('eipalloc', 'an Elastic IP', {
  'eipassoc-': 'an association, which ends with the instance',
  'eni-': 'a network interface',
});

/** Id of a subnet. */
export const subnetId = ec2Id('subnet', 'a public subnet', {
  'vpc-': 'a VPC',
  'sg-': 'a security group',
  'rtb-': 'a route table',
});

/** Id of a security group. */
export const securityGroupId = ec2Id('sg', 'a security group', {
  'sgr-': 'a rule of a security group',
  'subnet-': 'a subnet',
  'vpc-': 'a VPC',
});

/** Name of an instance profile, as IAM takes it: letters, digits and `+=,.@-_`. */
export const profileName: Problem = (value) => {
  if (value.trim() === '') return 'is empty: give the name of an instance profile, or leave it out';
  if (/^arn:/.test(value)) {
    return /:instance-profile\//.test(value)
      ? `'${value}' is an ARN: give the name, '${value.slice(value.lastIndexOf('/') + 1)}'`
      : `'${value}' is an ARN, and not one of an instance profile: give the name of the profile that holds the role`;
  }
  return /^[\w+=,.@-]{1,128}$/.test(value)
    ? undefined
    : `${/[\r\n\t]/.test(value) ? JSON.stringify(value) : `'${value}'`} is not the name of an instance profile: expected up to 128 letters, digits and +=,.@-_`;
};

/** Id of a pool of IPv6 addresses that were brought along. */
export const ipv6PoolId = ec2Id('ipv6pool-ec2', 'a pool of your IPv6 addresses', {
  'ipam-pool-': 'a pool of IPAM',
  'ipv4pool-': 'a pool of IPv4 addresses',
});

/** Name of an availability zone: the region and a letter; Local Zones have a city between them. */
export const zoneOfRegion: Problem = (value) => {
  if (/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/.test(value) || /^[a-z]{2}(-[a-z]+)+-\d(-[a-z0-9]+)+-\d+[a-z]$/.test(value)) return undefined;
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(value)) return `'${value}' is a region: add the letter of the zone, e.g. ${value}a`;
  if (/^[a-z]+\d-az\d+$/.test(value)) return `'${value}' is the id of a zone: give its name in this account, e.g. eu-central-1a`;
  return `'${value}' is not an availability zone: expected the region and a letter, e.g. eu-central-1a`;
};
