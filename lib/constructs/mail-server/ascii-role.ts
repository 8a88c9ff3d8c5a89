import { Token } from 'cdktf';
import { asciiAddress, asciiName } from '../../dns';

/** The settings that hold names people write in their own script. */
interface NamedSettings {
  readonly heloName: string;
  readonly domains?: Record<string, unknown>;
  readonly relayDomains?: string[];
  readonly sendersElsewhere?: string[];
  readonly virtualAliases?: Record<string, unknown>;
}

/** The same settings with every name as DNS and SMTP without SMTPUTF8 know it; what is not known yet stays as it is. */
export function asciiRole<T extends NamedSettings>(settings: T): T {
  const { heloName, domains, relayDomains, sendersElsewhere, virtualAliases } = settings;
  return {
    ...settings,
    heloName: Token.isUnresolved(heloName) ? heloName : asciiName(heloName),
    ...(isKnown(domains) && { domains: renamed(domains, asciiName) }),
    ...(isKnown(relayDomains) && { relayDomains: asciiNames(relayDomains) }),
    ...(isKnown(sendersElsewhere) && { sendersElsewhere: asciiNames(sendersElsewhere) }),
    ...(isKnown(virtualAliases) && { virtualAliases: renamed(virtualAliases, asciiAddress) }),
  };
}

/** Names of a list, tokens left alone. */
export function asciiNames(names: readonly string[]): string[] {
  return names.map((name) => (typeof name !== 'string' || Token.isUnresolved(name) ? name : asciiName(name)));
}

const isKnown = <T>(value: T | undefined): value is T =>
  typeof value === 'object' && value !== null && !Token.isUnresolved(value);

/** Two spellings of one name stay two entries, for the check that names both. */
function renamed<T>(entries: Record<string, T>, rename: (key: string) => string): Record<string, T> {
  const taken = new Set(Object.keys(entries));
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => {
      const name = Token.isUnresolved(key) ? key : rename(key);
      return [name !== key && taken.has(name) ? key : name, value];
    }),
  );
}
