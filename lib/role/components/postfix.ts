import { type Component, configFile, executable, lines } from '../component';
import { GATE, PROGRAMS } from '../paths';
import checkScript from '../remote/postfix-check.sh';
import initScript from '../remote/postfix-init.sh';
import type { RoleSettings } from '../settings';
import { usesPostscreen } from './postscreen';
import { SMTPD_CONF } from './sasl';
import { CERTIFICATE } from './tls';

const CHECK = `${PROGRAMS}/postfix-check`;

const DROP_IN = '/etc/systemd/system/postfix.service.d/mailserver.conf';

/**
 * The MTA (R1, R2). Every start and reload passes the gate (R37), also that of a service user: through systemd by the drop-in,
 * through the init script directly, so that the reason of a refusal reaches who asked for it.
 */
export const postfix: Component = ({ settings }) => ({
  packages: ['postfix', 'postfix-cdb', 'postfix-pcre'],
  // Else the package writes a main.cf parameter by parameter, and waits two seconds until Postfix' own programs trust its age.
  debconf: ['postfix postfix/main_mailer_type select No configuration'],
  files: [
    executable('/etc/init.d/postfix', initScript),
    executable(CHECK, checkScript),
    configFile(
      DROP_IN,
      lines(
        '[Unit]',
        `After=${['network-online.target', 'amavis.service', 'postgrey.service', ...policydWeightUnit(settings)].join(' ')}`,
        'Wants=network-online.target',
        '',
        '[Service]',
        'ExecStartPre=',
        `ExecStartPre=-+${GATE} prepare`,
        `ExecStartPre=+${CHECK}`,
        'ExecReload=',
        `ExecReload=+${GATE} reload`,
        '# bin/deliver inherits this sandbox. A JIT compiler (Node) needs memory that is writable and then executable, and system',
        '# calls outside the filter must fail, as any program expects of them, and not kill.',
        'MemoryDenyWriteExecute=no',
        'SystemCallErrorNumber=EPERM',
        '# A script that the kernel kills for its memory takes nothing else with it; and should master itself die, it comes back.',
        'OOMPolicy=continue',
        'Restart=on-failure',
        'RestartSec=3',
      ),
    ),
  ],
  services: [
    {
      unit: 'postfix.service',
      state: 'running',
      restartOn: ['/etc/systemd/system/postfix.service.d/', '/etc/resolv.conf'],
      reloadOn: [CERTIFICATE, SMTPD_CONF],
    },
  ],
});

function policydWeightUnit(settings: RoleSettings): string[] {
  return usesPostscreen(settings) ? [] : ['policyd-weight.service'];
}
