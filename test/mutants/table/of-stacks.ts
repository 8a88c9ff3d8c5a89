import type { StackMutant } from '../mutant';

const killedBy = (title: string) => [{ file: 'test/e2e/deploy.test.ts', title }];
const TABLE = 'R1, R13, R20, R27, R28, R29, R30, R31, R33, R34: passes every check of the table';
const VERIFY = 'R27, R31, R42, R43, R44, R45: is what "mailserver verify" finds with nothing typed, by the outputs of the stack';

const ADDRESS = '${mailserver_address.host_Address_Checked_658436CF.address}';

/** Killed by test/e2e/deploy.test.ts, from outside. */
export const mutantsOfStacks: readonly StackMutant[] = [
  {
    of: ['R27'],
    what: 'an MX that leads nowhere',
    from: '"10 mail.example.com."',
    to: '"10 nowhere.example.com."',
    killedBy: killedBy(VERIFY),
  },
  {
    of: ['R29'],
    what: 'an MX with the name of the domain',
    from: '"10 mail.example.com."',
    to: '"10 example.com."',
    killedBy: killedBy(TABLE),
  },
  {
    of: ['R28', 'R30'],
    what: 'the host has another name than its address',
    from: '"helo_name": "mail.example.com",\n        "instance_id"',
    to: '"helo_name": "mx.example.com",\n        "instance_id"',
    killedBy: killedBy(TABLE),
  },
  {
    of: ['R31'],
    what: 'the name leads to a second address, which is not that of the host',
    from: `"records": [
          "${ADDRESS}"
        ],
        "ttl"`,
    to: `"records": [
          "${ADDRESS}",
          "198.51.100.99"
        ],
        "ttl"`,
    killedBy: killedBy(TABLE),
  },
  {
    of: ['R32'],
    what: 'a record of an address that Amazon gives no reverse name',
    from: '"aws_route53_record": {',
    to: `"aws_route53_record": {
      "six": {
        "name": "mail.example.com",
        "records": ["2001:db8:77::25"],
        "ttl": 2,
        "type": "AAAA",
        "zone_id": "\${aws_route53_zone.dns_examplecom_80154BCC.zone_id}"
      },`,
    killedBy: killedBy('R32: has no AAAA record, for Amazon gives no PTR that could match it'),
  },
];
