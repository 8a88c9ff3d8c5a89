import type { HostMutant } from '../mutant';

const GATE = '/usr/lib/mailserver/postfix-gate';
const AMAVIS = '/etc/amavis/conf.d/50-user';

const killedBy = (title: string, row?: string) => [{ file: 'test/e2e/role.test.ts', title, row }];

/** Killed by test/e2e/role.test.ts. */
export const mutantsOfTheRole: readonly HostMutant[] = [
  {
    of: ['R8', '2015/r027'],
    what: 'nobody asks the next hop of a domain for its recipients',
    alterations: [
      {
        file: '/etc/postfix/main.d/10_role.cf',
        from: '    check_recipient_access cdb:/var/lib/mailserver/postfix/current/maps/verify-recipients,\n',
        to: '',
      },
    ],
    killedBy: killedBy('R8: to an unknown recipient of a next hop is refused, not bounced'),
  },
  {
    of: ['R34', '2014/r020'],
    what: 'large senders are greylisted like everybody',
    alterations: [{ file: '/etc/postgrey/whitelist_clients.stack', from: 'outbound.protection.outlook.com\n', to: '' }],
    killedBy: killedBy('R34: is greylisted by network, and not at all from large senders'),
  },
  {
    of: ['R12'],
    what: 'nobody is told that a parameter is overridden',
    alterations: [
      {
        file: '/usr/lib/mailserver/postfix-fragments',
        from: "warn(f\"{candidate.place(each)}: '{each.name}' is set in",
        to: "str(f\"{candidate.place(each)}: '{each.name}' is set in",
      },
    ],
    killedBy: killedBy('R12: of a parameter that is set already counts, and says which one it overrides'),
  },
  {
    of: ['R15', 'R16', '2012/r007 The scanner'],
    what: 'the scanner runs and nobody asks it',
    alterations: [{ file: AMAVIS, from: '@bypass_virus_checks_maps = ();', to: '@bypass_virus_checks_maps = (1);' }],
    killedBy: killedBy('R15, R16: on port %s', '25, EICAR'),
  },
  {
    of: ['R16', '2015/r034'],
    what: 'nobody is told of a virus',
    alterations: [{ file: AMAVIS, from: '  virus_admin_maps => ["virusalert\\@$myhostname"],\n', to: '' }],
    killedBy: killedBy('R16: what was submitted and is bad is kept, and told to virusalert'),
  },
  {
    of: ['R22', 'R37', '2020/r029'],
    what: 'a reload builds nothing anew',
    alterations: [{ file: GATE, from: 'change strictly again', to: 'true' }],
    killedBy: killedBy('R22, R37: takes effect with their reload, and the next apply leaves it alone'),
  },
  {
    of: ['R40'],
    what: 'mail passes while the scanner is dead',
    alterations: [{ file: AMAVIS, from: '$virus_scanners_failure_is_fatal = 1;', to: '$virus_scanners_failure_is_fatal = 0;' }],
    killedBy: killedBy('R40: is put off while the virus scanner is dead'),
  },
  {
    of: ['R46'],
    what: 'systemd warns of a unit at each start',
    alterations: [
      { file: '/etc/systemd/system/amavis.service.d/mailserver.conf', from: '[Service]', to: '[Service]\nNoSuchSetting=yes' },
    ],
    killedBy: killedBy('R46: comes back after a reboot, without a warning in its journal'),
  },
];
