import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { connectionSettings } from '../../host/connection-settings';
import { optional } from '../../settings/property';

/** What `MailServer` writes into its output `verify`: the mail server as the stack knows it. */
export const verifyOutput = z.object({
  helo_name: z.string(),
  addresses: z.array(z.string()),
  domains: z.array(z.string()),
  mail_exchangers: optional(z.array(z.object({ helo_name: z.string(), preference: z.number() }))),
  with_subdomains: optional(z.array(z.string())),
  with_known_recipients: optional(z.array(z.string())),
  smart_hosts: optional(
    z.array(
      z.object({
        spf: optional(z.string()),
        senders: optional(z.array(z.string())),
        dkim: optional(z.array(z.string())),
      }),
    ),
  ),
  /** Null as long as the host has made no key. */
  dkim: optional(z.record(z.string(), z.nullable(z.string()))),
  without_dkim: optional(z.array(z.string())),
  ssh: optional(
    z.pipe(
      z.pipe(
        z.record(z.string(), z.unknown()),
        z.transform((value: Record<string, unknown>) => camelCase(value)),
      ),
      connectionSettings,
    ),
  ),
});

export type VerifyOutput = z.infer<typeof verifyOutput>;

/** Attribute names of Terraform as the settings spell them; what the stack leaves open is null there. */
function camelCase(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== null && entry !== undefined)
      .map(([name, entry]) => [
        name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        typeof entry === 'object' && !Array.isArray(entry) ? camelCase(entry as Record<string, unknown>) : entry,
      ]),
  );
}

/** Every mail server in outputs, as `terraform output -json` or `cdktf deploy --outputs-file` writes them. */
export function mailServersIn(outputs: unknown): VerifyOutput[] {
  if (typeof outputs !== 'object' || outputs === null) return [];
  return Object.entries(outputs).flatMap(([name, entry]) => {
    if (/(^|_)verify$/.test(name)) {
      const value = typeof entry === 'object' && entry !== null && 'value' in entry ? entry.value : entry;
      const parsed = verifyOutput.safeParse(value);
      if (parsed.success) return [parsed.data];
    }
    return mailServersIn(entry);
  });
}

/** @throws Error when the file cannot be read or is not JSON */
export function outputsFile(file: string): unknown {
  const text = readOutputs(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(
      `${file === '-' ? 'standard input' : `'${file}'`} is not JSON: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function readOutputs(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Error(`the outputs cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
