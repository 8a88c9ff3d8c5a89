import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providerCommand } from '../../../lib/cli/provider/command';
import { packageInfo } from '../../../lib/installer/package-info';

const { version } = packageInfo();
let folder: string;
let output: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailserver-provider-'));
  output = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += text;
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

test('the provider is put where Terraform looks for it, and the block that requires it is printed', async () => {
  await providerCommand().parseAsync([folder], { from: 'user' });
  const executable = `terraform.d/plugins/mailserver.local/mail/mailserver/${version}/linux_amd64/terraform-provider-mailserver_v${version}`;
  expect(existsSync(join(folder, executable))).toBe(true);
  expect(output).toContain(`source  = "mailserver.local/mail/mailserver"\n      version = "${version}"`);
});

test('a folder that does not exist is refused, and not created', async () => {
  const missing = join(folder, 'missing');
  await expect(providerCommand().parseAsync([missing], { from: 'user' })).rejects.toThrow(
    `'${missing}' is not a folder: name the one that holds the configuration`,
  );
  expect(existsSync(missing)).toBe(false);
});
