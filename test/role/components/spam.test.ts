import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DesiredState } from '../../../lib/host/desired-state';
import { capacityOf } from '../../../lib/role/capacity';
import { renderRole } from '../../../lib/role/render';
import { type RoleSettings, roleSettings } from '../../../lib/role/settings';

function render(settings: Partial<RoleSettings> = {}): DesiredState {
  return renderRole(roleSettings.parse({ heloName: 'mail.example.com', ...settings }), capacityOf(2, 4000, false));
}

const content = (state: DesiredState, path: string) => state.files.find((file) => file.path === path)?.content;
const amavis = (settings: Partial<RoleSettings> = {}) => content(render(settings), '/etc/amavis/conf.d/50-user') ?? '';

describe('the points of spam', () => {
  it('lead to what Debian has them lead to, unless the stack says otherwise', () => {
    expect(amavis()).toMatch(/^\$sa_tag2_level_deflt = 6\.31;\n\$sa_kill_level_deflt = 6\.31;$/m);
    expect(amavis({ spam: { killLevel: 9, tag2Level: 5.5 } })).toMatch(
      /^\$sa_tag_level_deflt = 2;\n\$sa_tag2_level_deflt = 5\.5;\n\$sa_kill_level_deflt = 9;$/m,
    );
  });

  it('of single rules are in the file that the filter is restarted for', () => {
    const state = render({ spam: { scores: { URIBL_BLACK: 4.5, HTML_MESSAGE: 0 } } });
    expect(content(state, '/etc/spamassassin/mailserver.cf')).toMatch(/\nscore URIBL_BLACK 4\.5\nscore HTML_MESSAGE 0\n$/);
    expect(content(render(), '/etc/spamassassin/mailserver.cf')).not.toContain('score');
    const unit = render().services.find((service) => service.unit === 'amavis.service');
    expect(unit?.restartOn).toContain('/etc/spamassassin/mailserver.cf');
  });

  it('are refused for a rule that the host does not have', () => {
    const candidate = mkdtempSync(join(tmpdir(), 'scores-'));
    try {
      mkdirSync(join(candidate, 'etc/spamassassin'), { recursive: true });
      writeFileSync(join(candidate, 'etc/spamassassin/mailserver.cf'), 'score NO_SUCH_RULE 3\n');
      const script = join(__dirname, '../../../lib/role/remote/spamassassin-scores.sh');
      const { status, stdout } = spawnSync('sh', [script, candidate], { encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 1, stdout: 'spam.scores.NO_SUCH_RULE: there is no such rule on this host\n' });
    } finally {
      rmSync(candidate, { recursive: true });
    }
  });
});

describe('the quarantine', () => {
  const unit = (settings: Partial<RoleSettings>) =>
    content(render(settings), '/etc/systemd/system/mailserver-amavis-clean.service');

  it('has an end, by size and age', () => {
    expect(unit({})).toContain('amavis-clean /var/lib/amavis/virusmails 43200 1024\n');
    expect(unit({ quarantine: { maxMib: 50, maxAgeDays: 7 } })).toContain('amavis-clean /var/lib/amavis/virusmails 10080 50\n');
  });

  it('is one folder, in which every new mail is seen', () => {
    expect(amavis()).toContain('\n$quarantine_subdir_levels = 0;\n');
    expect(content(render(), '/etc/systemd/system/mailserver-amavis-clean.path')).toContain(
      'PathChanged=/var/lib/amavis/virusmails\n',
    );
  });
});

describe('greylisting', () => {
  it('knows a sender by its network, and large senders by name', () => {
    const options = content(render(), '/etc/default/postgrey');
    expect(options).toContain('--lookup-by-subnet --ipv4cidr=24 --ipv6cidr=64');
    expect(options).toContain('--whitelist-clients=/etc/postgrey/whitelist_clients.stack');
    expect(content(render(), '/etc/postgrey/whitelist_clients.stack')).toContain('\noutbound.protection.outlook.com\n');
  });
});
