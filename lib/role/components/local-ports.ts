import { type Component, configFile, lines } from '../component';
import { PORTS, PROGRAMS } from '../paths';
import type { RoleSettings } from '../settings';
import { usesPostscreen } from './postscreen';

const TABLE = 'mailserver_local_ports';
const RULES = `${PROGRAMS}/local-ports.nft`;
const DROP_IN = '/etc/systemd/system/nftables.service.d/mailserver-local-ports.conf';
const UNIT = '/etc/systemd/system/mailserver-local-ports.service';

/**
 * Who may connect to the loopback ports between Postfix and its filters: their own clients and root. A local user who could, would
 * send mail past filter and scanner, under any client's address (XFORWARD). The kernel knows whose socket it is, for every port alike;
 * of these programs only some could listen on a socket with a mode, policyd-weight cannot.
 */
export const localPorts: Component = ({ settings }) => {
  const rules = clients(settings).map(
    ([users, ports]) =>
      `    tcp dport { ${ports.join(', ')} } meta skuid != { ${['root', ...users].map((user) => `"${user}"`).join(', ')} } reject with tcp reset`,
  );
  return {
    packages: ['nftables'],
    files: [
      configFile(
        RULES,
        lines(
          '# Written by the stack. Who may connect to which port of this host; see nft(8). The first two lines replace the table as a whole.',
          `table inet ${TABLE}`,
          `delete table inet ${TABLE}`,
          `table inet ${TABLE} {`,
          '  chain output {',
          '    type filter hook output priority filter; policy accept;',
          '    oif != "lo" accept',
          rules,
          '  }',
          '}',
        ),
      ),
      configFile(
        UNIT,
        lines(
          '[Unit]',
          'Description=Ports between Postfix and its filters, for their own clients only',
          'After=nftables.service',
          `Before=postfix.service amavis.service postgrey.service${usesPostscreen(settings) ? '' : ' policyd-weight.service'}`,
          '',
          '[Service]',
          'Type=oneshot',
          'RemainAfterExit=yes',
          `ExecStart=/usr/sbin/nft -f ${RULES}`,
          // One transaction of the kernel: there is no moment without rules.
          `ExecReload=/usr/sbin/nft -f ${RULES}`,
          `ExecStop=-/usr/sbin/nft delete table inet ${TABLE}`,
          '',
          '[Install]',
          'WantedBy=multi-user.target',
        ),
      ),
      configFile(
        DROP_IN,
        lines(
          '# Written by the stack. The rules of an administrator begin with "flush ruleset", and so does the end of them.',
          '[Service]',
          ['ExecStartPost', 'ExecReload', 'ExecStopPost'].map((when) => `${when}=-/usr/sbin/nft -f ${RULES}`),
        ),
      ),
    ],
    derived: [
      {
        name: LOCAL_PORTS,
        check: `test "$(/usr/sbin/nft -n list table inet ${TABLE} 2>/dev/null | grep -c skuid)" = ${rules.length} || { echo "the kernel does not have the rules of ${RULES}"; exit 1; }`,
        build: `/usr/sbin/nft -f ${RULES}`,
      },
    ],
    services: [{ unit: 'mailserver-local-ports.service', state: 'running', restartOn: [UNIT], reloadOn: [RULES] }],
  };
};

/** Shown in the plan. */
const LOCAL_PORTS = 'local ports';

/** Users next to root, and the ports that they connect to. */
function clients(settings: RoleSettings): (readonly [users: readonly string[], ports: readonly number[]])[] {
  const policy = [PORTS.postgrey, ...(usesPostscreen(settings) ? [] : [PORTS.policydWeight])];
  return [
    [['postfix'], [...policy, PORTS.filterIncoming, PORTS.filterSubmission]],
    [['amavis'], [PORTS.reinjection, ...(settings.dkim ? [PORTS.unsigned] : [])]],
    ...(settings.dkim ? [[['postfix', 'amavis'], [PORTS.signing]] as const] : []),
    [[], [PORTS.filterCheck]],
  ];
}
