import { type Component, configFile, lines } from '../component';
import { dnsblSites } from '../dnsbl-site';
import { BLOCKLISTS_OFF, GATE, GATE_CURRENT } from '../paths';
import type { RoleSettings } from '../settings';
import { parameter } from './parameter';

const PATH_UNIT = '/etc/systemd/system/mailserver-blocklists.path';

/** A list of weight 2 refuses alone, two lists of weight 1 do together; the same as with policyd-weight. */
const THRESHOLD = 2;

/** What counts of a list that documents nothing: all of 127.0.0.0/8 but the error codes in 127.255.255.0/24. */
const ANY_LISTING = '127.[0..254].[0..255].[0..255]';

/** Whether postscreen stands before port 25, and policyd-weight does not. */
export function usesPostscreen({ antispam }: Pick<RoleSettings, 'antispam'>): boolean {
  return antispam === 'postscreen';
}

/**
 * postscreen(8) before port 25, the successor of policyd-weight. It reads its blocklists when it starts, so one that the checks
 * switch off or on again is a change of Postfix' configuration: systemd watches for it, and the gate makes it.
 */
export const postscreen: Component = ({ settings }) => {
  if (!usesPostscreen(settings)) return {};
  return {
    packages: ['postfix-lmdb'],
    files: [
      configFile(
        PATH_UNIT,
        lines(
          '[Unit]',
          'Description=Blocklists that the checks of the mail server switch off or on',
          '',
          '[Path]',
          `PathChanged=${BLOCKLISTS_OFF}`,
          '',
          '[Install]',
          'WantedBy=paths.target',
        ),
      ),
      configFile(
        '/etc/systemd/system/mailserver-blocklists.service',
        lines(
          '[Unit]',
          'Description=Let postscreen know which blocklists are switched off',
          'After=postfix.service',
          'StartLimitIntervalSec=0',
          '',
          '[Service]',
          'Type=oneshot',
          `ExecStart=${GATE} apply`,
        ),
      ),
    ],
    services: [{ unit: 'mailserver-blocklists.path', state: 'running', restartOn: [PATH_UNIT], reloadOn: [] }],
  };
};

/**
 * The part of main.cf about postscreen. Known networks and clients that `access-client` permits by address pass without a test.
 * The tests behind the greeting stay off: they make every new client come again, and large senders come from another address.
 */
export function postscreenParameters(settings: RoleSettings): string[] {
  const sites = dnsblSites(settings).map(({ zone, replies, weight }) => `${zone}=${replies ?? ANY_LISTING}*${weight}`);
  return [
    '# Before port 25: blocklists by weight, and whoever talks before the greeting is done. Lists that lie are left out by the gate.',
    parameter('postscreen_access_list', ['permit_mynetworks', `cidr:${GATE_CURRENT}/maps/postscreen-access`]),
    parameter('postscreen_dnsbl_sites', sites),
    `postscreen_dnsbl_threshold = ${THRESHOLD}`,
    'postscreen_dnsbl_action = enforce',
    'postscreen_denylist_action = enforce',
    'postscreen_greet_action = enforce',
    '# Who passed is not tested again for a while; on the state volume, as all of $data_directory.',
    'postscreen_cache_map = lmdb:$data_directory/postscreen_cache',
  ];
}
