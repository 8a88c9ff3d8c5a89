import { ipv4CidrProblem } from '../../../lib/constructs/aws/ipv4-cidr';

test.each(['198.51.100.1/32', '198.51.100.0/24', '10.0.0.0/8', '128.0.0.0/1', '0.0.0.0/0', '198.51.100.192/26'])(
  'accepts %s',
  (cidr) => expect(ipv4CidrProblem(cidr)).toBeUndefined(),
);

test.each([
  ['198.51.100.1', 'its prefix length is missing', 'write 198.51.100.1/32 for one address'],
  ['198.51.100.7/24', 'bits set beyond', 'write 198.51.100.0/24'],
  ['198.51.100.200/26', 'bits set beyond', 'write 198.51.100.192/26'],
  ['198.51.100.0/33', 'not between 0 and 32', '/32'],
  ['198.51.100.0/', 'not between 0 and 32', '/32'],
  ['198.51.100.0/x', 'not between 0 and 32', '/32'],
  ['198.51.100.0/24/1', 'not an IPv4 network', '198.51.100.0/24'],
  ['198.51.100/24', 'not an IPv4 network', '198.51.100.0/24'],
  ['198.51.100.256/32', 'not an IPv4 network', '198.51.100.0/24'],
  ['home.example.com', 'not an IPv4 network', '198.51.100.0/24'],
  ['2001:db8::/48', 'it is IPv6', 'IPv4 network'],
  ['', 'not an IPv4 network', '198.51.100.0/24'],
])('refuses %j: %s; %s', (cidr, problem, fix) => {
  expect(ipv4CidrProblem(cidr)?.problem).toContain(problem);
  expect(ipv4CidrProblem(cidr)?.fix).toContain(fix);
});
