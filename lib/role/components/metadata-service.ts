import { type Component, configFile, executable, lines } from '../component';
import { PROGRAMS } from '../paths';
import program from '../remote/metadata-service.sh';

const PROGRAM = `${PROGRAMS}/metadata-service`;
const RULES = `${PROGRAMS}/metadata-service.nft`;
const UNIT = 'mailserver-metadata.service';
const DROP_INS = '/etc/systemd/system/nftables.service.d';
const UNIT_FILE = `/etc/systemd/system/${UNIT}`;

/** Where clouds answer a machine about itself, over IPv4 and, at AWS where that is switched on, over IPv6. */
const IPV4 = '169.254.169.254';
const IPV6 = 'fd00:ec2::254';

/**
 * The metadata service for root alone. A hop limit does not tell users of one machine apart; the kernel does, by the owner of the
 * socket, also behind a user namespace, where somebody only seems to be root. The rules count from before the network is up until
 * the machine is off; where the stack wants them no more, the kernel keeps them until the next boot.
 */
export const metadataService: Component = ({ settings }) => {
  if (!settings.metadataRootOnly) return {};
  return {
    packages: ['nftables'],
    directories: [{ path: DROP_INS, owner: 'root', group: 'root', mode: '0755' }],
    files: [
      executable(PROGRAM, program),
      configFile(RULES, rules()),
      configFile(
        UNIT_FILE,
        lines(
          '[Unit]',
          "Description=The cloud's metadata service for root only",
          'DefaultDependencies=no',
          'Wants=network-pre.target',
          'Before=network-pre.target',
          'After=local-fs.target nftables.service',
          '',
          '[Service]',
          'Type=oneshot',
          'RemainAfterExit=yes',
          `ExecStart=${PROGRAM} close`,
          '',
          '[Install]',
          'WantedBy=sysinit.target',
        ),
      ),
      configFile(
        `${DROP_INS}/mailserver.conf`,
        lines(
          '# Written by the stack. The rules of an administrator begin with "flush ruleset", and so does the end of them.',
          '[Service]',
          ...['ExecStartPost', 'ExecReload', 'ExecStopPost'].map((when) => `${when}=-${PROGRAM} close`),
        ),
      ),
    ],
    derived: [{ name: METADATA, check: `${PROGRAM} check`, build: `${PROGRAM} close` }],
    services: [{ unit: UNIT, state: 'running', restartOn: [UNIT_FILE, RULES, PROGRAM], reloadOn: [] }],
  };
};

const METADATA = 'metadata service';

function rules(): string {
  return lines(
    '# Written by the stack.',
    'table inet mailserver_metadata',
    'delete table inet mailserver_metadata',
    'table inet mailserver_metadata {',
    '\tchain metadata {',
    '\t\tmeta skuid 0 accept',
    '\t\tcounter reject with icmpx admin-prohibited',
    '\t}',
    '\tchain output {',
    '\t\ttype filter hook output priority filter; policy accept;',
    `\t\tip daddr ${IPV4} jump metadata`,
    `\t\tip6 daddr ${IPV6} jump metadata`,
    '\t}',
    '\tchain forward {',
    '\t\ttype filter hook forward priority filter; policy accept;',
    `\t\tip daddr ${IPV4} drop`,
    `\t\tip6 daddr ${IPV6} drop`,
    '\t}',
    '}',
  );
}
