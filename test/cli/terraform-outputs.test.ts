import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terraformOutputs } from '../../lib/cli/terraform-outputs';

describe('the outputs of a stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A binary that cdktf would take for Terraform. */
  const binary = (script: string) => {
    const file = join(folder, 'tofu');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return { ...process.env, TERRAFORM_BINARY_NAME: file };
  };

  test('are read whole, also those of thousands of domains', async () => {
    const domains = Array.from({ length: 20_000 }, (_, index) => `d${index}.${'x'.repeat(60)}.example`);
    writeFileSync(join(folder, 'state.json'), JSON.stringify({ mail_verify: { value: { domains } } }));
    expect(await terraformOutputs(folder, binary('test "$*" = "output -json" && cat state.json'))).toEqual({
      mail_verify: { value: { domains } },
    });
  });

  test('or what Terraform says instead', async () => {
    await expect(terraformOutputs(folder, binary('echo "Error: no backend" >&2; exit 1'))).rejects.toThrow(
      /tofu output -json' fails in .*: Error: no backend/,
    );
  });
});
