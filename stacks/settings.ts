import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { type RealWorldSettings, unrealSettings } from './real-world';

/** What differs between two deployments of the example. */
export interface ExampleSettings {
  readonly region: string;
  readonly heloName: string;
  readonly mailDomain: string;
  readonly zone: string;
  readonly zoneSource: 'create' | 'lookup' | { readonly zoneId: string };
  readonly adminCidr: string;
  readonly sshPublicKey: string;
  readonly sshPrivateKeyFile: string;
  /** For trials where ClamAV's mirrors cannot be reached. */
  readonly clamavTestSignatureOnly?: boolean;
  readonly greylistDelaySeconds?: number;
  /** IPv6 address of your own prefix, the pool that holds the prefix, and its reverse zone, which is made. */
  readonly ownIpv6?: { readonly address: string; readonly prefix: string; readonly pool: string; readonly reverseZone: string };
  /** Time to live of the records, in seconds. */
  readonly ttlSeconds?: number;
}

/**
 * From the environment. In the lab, which sets MAILSERVER_LAB, everything has a default; elsewhere the domain and the network of the
 * administrators have to be yours.
 *
 * @throws with everything that is missing or cannot exist in the real world
 */
export function settingsFromEnvironment(env: NodeJS.ProcessEnv = process.env): ExampleSettings {
  const inLab = Boolean(env.MAILSERVER_LAB);
  const mailDomain = env.MAILSERVER_DOMAIN || 'example.com';
  const heloName = env.MAILSERVER_HELO_NAME || `mail.${mailDomain}`;
  const zone = env.MAILSERVER_ZONE || mailDomain;
  const adminCidr = env.MAILSERVER_ADMIN_CIDR || '198.51.100.1/32';
  if (!inLab) refuseExamples({ mailDomain, heloName, zone, adminCidr });
  return {
    region: env.AWS_REGION ?? 'eu-central-1',
    heloName,
    mailDomain,
    zone,
    // Whoever has a domain has a zone for it; a second one of the same name would be asked by nobody.
    // Where there are several of the name, only the id tells which one.
    zoneSource: env.MAILSERVER_ZONE_ID
      ? { zoneId: env.MAILSERVER_ZONE_ID }
      : zoneSource(env.MAILSERVER_ZONE_SOURCE || (inLab ? 'create' : 'lookup')),
    adminCidr,
    sshPublicKey: publicKey(env.MAILSERVER_SSH_PUBLIC_KEY_FILE ?? '~/.ssh/id_ed25519.pub'),
    sshPrivateKeyFile: env.MAILSERVER_SSH_PRIVATE_KEY_FILE ?? '~/.ssh/id_ed25519',
    clamavTestSignatureOnly: env.MAILSERVER_CLAMAV_TEST_SIGNATURE_ONLY === 'true' || undefined,
    greylistDelaySeconds: env.MAILSERVER_GREYLIST_DELAY_SECONDS ? Number(env.MAILSERVER_GREYLIST_DELAY_SECONDS) : undefined,
    ownIpv6: ownIpv6(env),
    ttlSeconds: env.MAILSERVER_TTL_SECONDS ? Number(env.MAILSERVER_TTL_SECONDS) : undefined,
  };
}

function refuseExamples(settings: RealWorldSettings): void {
  const problems = unrealSettings(settings);
  if (problems.length === 0) return;
  throw new Error(
    `the example needs names and networks of yours outside of the lab:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
}

function ownIpv6(env: NodeJS.ProcessEnv): ExampleSettings['ownIpv6'] {
  const { MAILSERVER_OWN_IPV6: address, MAILSERVER_OWN_IPV6_PREFIX: prefix, MAILSERVER_OWN_IPV6_POOL: pool } = env;
  const { MAILSERVER_OWN_IPV6_ZONE: reverseZone } = env;
  if (!address && !prefix && !pool && !reverseZone) return undefined;
  if (address && prefix && pool && reverseZone) return { address, prefix, pool, reverseZone };
  throw new Error(
    'MAILSERVER_OWN_IPV6, _PREFIX, _POOL and _ZONE belong together: an address, its prefix, the pool of AWS that holds it, and its ip6.arpa zone',
  );
}

function publicKey(file: string): string {
  try {
    return readFileSync(file.replace(/^~(?=\/)/, homedir()), 'utf8').trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `cannot read the public SSH key: ${reason}; make one with "ssh-keygen -t ed25519", or set MAILSERVER_SSH_PUBLIC_KEY_FILE`,
    );
  }
}

function zoneSource(text: string): 'create' | 'lookup' {
  if (text === 'create' || text === 'lookup') return text;
  throw new Error(`MAILSERVER_ZONE_SOURCE is '${text}'; use 'create' or 'lookup'`);
}
