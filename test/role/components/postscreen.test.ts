import type { DesiredState } from '../../../lib/host/desired-state';
import { capacityOf } from '../../../lib/role/capacity';
import { renderRole } from '../../../lib/role/render';
import type { RoleSettings } from '../../../lib/role/settings';

function render(settings: Partial<RoleSettings> = {}): DesiredState {
  return renderRole({ heloName: 'mail.example.com', antispam: 'postscreen', ...settings }, capacityOf(2, 4000, false));
}

function file(state: DesiredState, path: string): string {
  const found = state.files.find((entry) => entry.path === path);
  if (!found) throw new Error(`${path} is not managed`);
  return found.content;
}

const mainCf = (state: DesiredState) => file(state, '/etc/postfix/main.d/10_role.cf');

describe('postscreen', () => {
  it('has port 25, and hands what passes to as many smtpd processes as the filter has', () => {
    const master = file(render(), '/etc/postfix/master.d/10_role.cf');
    expect(master).toMatch(/^smtp +inet n - n - 1 postscreen$/m);
    expect(master).toMatch(/^smtpd +pass - - n - 16 smtpd\n {4}-o smtpd_proxy_filter=127\.0\.0\.1:10024\n/m);
  });

  it('weighs the lists of the stack, by documented replies', () => {
    const sites = ['a.example=127.0.0.[2..11]*2', 'b.example'];
    expect(mainCf(render({ dnsblSites: sites }))).toContain(
      'postscreen_dnsbl_sites =\n    a.example=127.0.0.[2..11]*2,\n    b.example=127.[0..254].[0..255].[0..255]*1\npostscreen_dnsbl_threshold = 2\n',
    );
  });

  it('goes without lists when there are none', () => {
    expect(mainCf(render({ dnsblSites: [] }))).toContain('\npostscreen_dnsbl_sites =\n');
  });

  it('has greylisting behind it and policyd-weight nowhere', () => {
    const state = render();
    expect(mainCf(state)).toContain('inet:127.0.0.1:10023');
    expect(state.absentPackages).toContain('policyd-weight');
    expect(state.packages).not.toContain('policyd-weight');
    expect(JSON.stringify([state.files, state.services, state.probes])).not.toMatch(/12525|policyd-weight\.(service|conf)/);
  });

  it('keeps its memory on the state volume', () => {
    const state = render({ stateVolume: { volumeId: 'vol-1' } });
    expect(mainCf(state)).toContain('\npostscreen_cache_map = lmdb:$data_directory/');
    expect(state.volume?.directories).toContain('/var/lib/postfix');
  });

  it('is not there with policyd-weight', () => {
    const state = render({ antispam: 'policyd-weight' });
    expect(mainCf(state)).not.toContain('postscreen');
    expect(file(state, '/etc/postfix/master.d/10_role.cf')).not.toMatch(/postscreen|dnsblog/);
    expect(state.services.map((service) => service.unit)).not.toContain('mailserver-blocklists.path');
  });
});
