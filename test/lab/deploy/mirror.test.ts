import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsProviderVersion, findMirror, platform } from '../../../lab/deploy/mirror';

describe('the mirror of the AWS provider', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mirror-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const provider = () => join(folder, 'registry.terraform.io/hashicorp/aws');

  it('is the named folder, unpacked', async () => {
    await mkdir(join(provider(), '5.100.0', platform()), { recursive: true });
    await writeFile(join(provider(), '5.100.0', platform(), 'terraform-provider-aws_v5.100.0_x5'), '');
    expect(await findMirror('5.100.0', { MAILSERVER_TF_MIRROR: folder })).toBe(folder);
  });

  it('is the named folder, packed', async () => {
    await mkdir(provider(), { recursive: true });
    await writeFile(join(provider(), `terraform-provider-aws_5.100.0_${platform()}.zip`), '');
    expect(await findMirror('5.100.0', { MAILSERVER_TF_MIRROR: folder })).toBe(folder);
  });

  it('is the named folder with any version, packed or not, when none is asked for', async () => {
    await mkdir(provider(), { recursive: true });
    await expect(findMirror(undefined, { MAILSERVER_TF_MIRROR: folder })).rejects.toThrow(/has no .*hashicorp\/aws for /);
    await writeFile(join(provider(), `terraform-provider-aws_6.1.0_${platform()}.zip`), '');
    expect(await findMirror(undefined, { MAILSERVER_TF_MIRROR: folder })).toBe(folder);
    await rm(provider(), { recursive: true });
    await mkdir(join(provider(), '5.100.0', platform()), { recursive: true });
    await writeFile(join(provider(), '5.100.0', platform(), 'terraform-provider-aws_v5.100.0_x5'), '');
    expect(await findMirror(undefined, { MAILSERVER_TF_MIRROR: folder })).toBe(folder);
  });

  it('is refused when the named folder has another version only', async () => {
    await mkdir(join(provider(), '4.0.0', platform()), { recursive: true });
    await expect(findMirror('5.100.0', { MAILSERVER_TF_MIRROR: folder })).rejects.toThrow(
      /MAILSERVER_TF_MIRROR has no .*hashicorp\/aws 5\.100\.0/,
    );
  });
});

describe('the version of the AWS provider', () => {
  const versionIn = async (providers: object) => {
    const folder = await mkdtemp(join(tmpdir(), 'stack-'));
    try {
      await writeFile(join(folder, 'cdk.tf.json'), JSON.stringify({ terraform: { required_providers: providers } }));
      return await awsProviderVersion(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it.each(['aws', 'hashicorp/aws', 'registry.terraform.io/hashicorp/aws'])('is read for the source %s', async (source) => {
    expect(await versionIn({ aws: { source, version: '5.100.0' } })).toBe('5.100.0');
  });

  it('is none without AWS', async () => {
    expect(await versionIn({ mailserver: { source: 'example.test/mail/mailserver', version: '0.1.0' } })).toBeUndefined();
  });
});
