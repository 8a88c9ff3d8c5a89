import type { DesiredState } from '../../../lib/host/desired-state';

const FILE = '/etc/nsd/zone';
const root = { owner: 'root', group: 'root', mode: '0644' };

/** The whole DNS of a test, in one zone: what is not in `records` does not exist. */
function zone(records: string): string {
  return `$TTL 1\n. SOA ns. hostmaster. 1 3600 600 86400 1\n. NS ns.\nns. A 127.0.0.1\n${records}\n`;
}

/** The same host with a name server of its own on 127.0.0.1, as good as the internet's for one who asks nobody else. */
export function withNameServer(state: DesiredState, records = ''): DesiredState {
  const nsd = `server:\n  ip-address: 127.0.0.1\nremote-control:\n  control-enable: no\nzone:\n  name: "."\n  zonefile: ${FILE}\n`;
  return {
    ...state,
    packages: [...state.packages, 'nsd'],
    files: [...state.files, { ...root, path: '/etc/nsd/nsd.conf', content: nsd }],
    seeds: [...state.seeds, { ...root, path: FILE, content: zone(records) }],
    services: [{ unit: 'nsd.service', state: 'running', restartOn: [], reloadOn: [] }, ...state.services],
  };
}
