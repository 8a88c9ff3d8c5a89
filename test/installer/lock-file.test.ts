import { mergeLockFile, qualifiedSource } from '../../lib/installer/lock-file';

const ours = { source: 'mailserver.local/mail/mailserver', version: '1.2.3', hash: 'h1:abc=' };
const aws = (version?: string) => ({ source: 'aws', version });
const own = { source: ours.source, version: ours.version };

const written = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "5.100.0"
  hashes = [
    "h1:aaa=",
    "zh:bbb",
  ]
}
`;

/** How cdktf-cli reads the file: line by line, blind to comments. */
function seenByCdktf(text: string): Record<string, { version?: string; constraints?: string }> {
  const providers: Record<string, { version?: string; constraints?: string }> = {};
  let current: string | undefined;
  for (const line of text.split('\n')) {
    const started = /provider "(.*)"/.exec(line)?.[1];
    if (!current && started) {
      current = started;
      providers[current] = {};
    }
    const [, key, value] = /^\s*(version|constraints)\s+=\s+"(.*)"/.exec(line) ?? [];
    if (current && key && value) providers[current] = { ...providers[current], [key]: value };
    if (/^\s*}/.test(line)) current = undefined;
  }
  return providers;
}

/** What Terraform sees: no comments. */
const seenByTerraform = (text: string) => seenByCdktf(text.replace(/\/\*[\s\S]*?\*\//g, ''));

describe('the lock file of a stack', () => {
  it('gets our provider with its hash', () => {
    expect(mergeLockFile('', [own], ours)).toBe(`# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "mailserver.local/mail/mailserver" {
  version     = "1.2.3"
  constraints = "1.2.3"
  hashes = [
    "h1:abc=",
  ]
}
`);
  });

  it('gets an entry without hashes for each other provider of an exact version', () => {
    const text = mergeLockFile('', [own, aws('5.100.0'), { source: 'hashicorp/random', version: '= 3.6.0' }], ours);
    expect(seenByTerraform(text)).toMatchObject({
      'registry.terraform.io/hashicorp/aws': { version: '5.100.0', constraints: '5.100.0' },
      'registry.terraform.io/hashicorp/random': { version: '3.6.0' },
    });
    expect(text).not.toContain('zh:');
  });

  it('keeps what Terraform wrote, hashes included', () => {
    const text = mergeLockFile(written, [own, aws('5.100.0')], ours);
    expect(text).toContain(written.slice(written.indexOf('provider')));
    expect(text).toContain('"h1:abc="');
  });

  it('stays the same, byte for byte, when nothing changed', () => {
    const required = [own, aws('5.100.0'), { source: 'hashicorp/random', version: '~> 3.5' }];
    const once = mergeLockFile(written, required, ours);
    expect(mergeLockFile(once, required, ours)).toBe(once);
  });

  it('replaces our own entry when this package changed', () => {
    const before = mergeLockFile('', [own], { ...ours, version: '1.0.0', hash: 'h1:old=' });
    const after = mergeLockFile(before, [own], ours);
    expect(after).not.toContain('h1:old=');
    expect(after.match(/provider "/g)).toHaveLength(1);
  });

  it('lets Terraform choose a version where a range is required, without cdktf locking everything anew', () => {
    const text = mergeLockFile('', [own, aws('~> 5.100'), { source: 'hashicorp/random' }], ours);
    expect(Object.keys(seenByTerraform(text))).toEqual([ours.source]);
    expect(seenByCdktf(text)).toMatchObject({
      'registry.terraform.io/hashicorp/aws': { constraints: '~> 5.100' },
      'registry.terraform.io/hashicorp/random': { constraints: '>= 0.0.0' },
    });
  });

  it('drops that note once Terraform has chosen', () => {
    const chosen = written.replace('constraints = "5.100.0"', 'constraints = "~> 5.100"');
    expect(mergeLockFile(chosen, [own, aws('~> 5.100')], ours)).not.toContain('/*');
  });

  it('drops a locked version that the stack does not allow any more', () => {
    const moved = mergeLockFile(written, [own, aws('6.25.0')], ours);
    expect(seenByTerraform(moved)['registry.terraform.io/hashicorp/aws']).toEqual({ version: '6.25.0', constraints: '6.25.0' });
    expect(moved).not.toContain('h1:aaa=');
    expect(seenByTerraform(mergeLockFile(written, [own, aws('>= 6.0')], ours))).not.toHaveProperty([
      'registry.terraform.io/hashicorp/aws',
    ]);
  });

  it('keeps providers that the stack does not name itself, such as those of a module', () => {
    expect(mergeLockFile(written, [own], ours)).toContain('"h1:aaa="');
  });

  it.each([
    ['aws', 'registry.terraform.io/hashicorp/aws'],
    ['kreuzwerker/docker', 'registry.terraform.io/kreuzwerker/docker'],
    ['example.com/a/b', 'example.com/a/b'],
  ])('writes %s as %s', (source, qualified) => {
    expect(qualifiedSource(source)).toBe(qualified);
  });
});
