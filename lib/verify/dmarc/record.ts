/** Tags of a DMARC record, names in lower case. */
export type DmarcTags = ReadonlyMap<string, string>;

export interface DmarcRecord {
  readonly text: string;
  readonly tags: DmarcTags;
  /** What keeps receivers from applying it as it is meant. */
  readonly problems: readonly string[];
  /** What some receivers apply and others do not. */
  readonly doubts: readonly string[];
}

/** Whether receivers take a TXT record for a DMARC record (RFC 9989 4.7): the version comes first, in upper case. */
export function isDmarc(text: string): boolean {
  return /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)/.test(text);
}

const policies = ['none', 'quarantine', 'reject'];
const values: Readonly<Record<string, readonly string[]>> = {
  p: policies,
  sp: policies,
  np: policies,
  adkim: ['r', 's'],
  aspf: ['r', 's'],
  t: ['y', 'n'],
  psd: ['y', 'n', 'u'],
};

/** What RFC 7489 had and RFC 9989 has not. */
const retired: Readonly<Record<string, string>> = {
  pct: "to try a policy out, write 't=y'",
  rf: 'leave it out',
  ri: 'leave it out',
};

/** A record can have thousands of mistakes. */
const maxProblems = 5;

/** Reads a record (RFC 9989 4.7, 4.8). */
export function parseDmarc(text: string): DmarcRecord {
  const tags = new Map<string, string>();
  const problems: string[] = [];
  const report = (problem: string) => problems.length < maxProblems && problems.push(problem);
  for (const part of text.split(';').map((each) => each.trim())) {
    if (part === '') continue;
    const [, tag, value] = /^([a-z][a-z0-9_]*)[ \t]*=[ \t]*(.*)$/is.exec(part) ?? [];
    const name = tag?.toLowerCase();
    if (name === undefined || value === undefined) report(`'${part}' is not TAG=VALUE`);
    else if (tags.has(name)) report(`'${name}=' occurs twice: receivers then drop the whole record`);
    else tags.set(name, value);
  }
  if (!tags.has('p')) report("the policy 'p=' is missing");
  for (const [tag, allowed] of Object.entries(values)) {
    const value = tags.get(tag)?.toLowerCase();
    if (value !== undefined && !allowed.includes(value)) report(`'${tag}=${value}' is none of ${allowed.join(', ')}`);
  }
  for (const option of tags.get('fo')?.split(':') ?? []) {
    if (!/^[01ds]$/i.test(option.trim())) report(`'fo=${option}' is none of 0, 1, d, s`);
  }
  for (const tag of ['rua', 'ruf']) {
    const wrongUri = uris(tags.get(tag)).find((uri) => !/^(mailto:[^@\s]+@[^@\s]+|https?:\/\/\S+)$/i.test(uri));
    if (wrongUri !== undefined) report(`'${tag}=${wrongUri}' is not an address: write mailto:user@domain`);
  }
  return { text, tags, problems, doubts: doubtsOf(tags) };
}

function doubtsOf(tags: DmarcTags): string[] {
  return Object.entries(retired).flatMap(([tag, advice]) => {
    const value = tags.get(tag);
    // The default of RFC 7489: leaving it out says the same to everybody.
    if (value === undefined || (tag === 'pct' && value === '100')) return [];
    return [`'${tag}=${value}' is not part of DMARC since RFC 9989: newer receivers ignore it, older ones do not; ${advice}`];
  });
}

const uris = (list: string | undefined) => list?.split(',').map((uri) => uri.trim()) ?? [];

/** Domains that aggregate reports go to. */
export function reportTargets(tags: DmarcTags): string[] {
  const targets = uris(tags.get('rua')).map((uri) => /^mailto:[^@\s]+@([^!\s]+)/i.exec(uri)?.[1]?.toLowerCase());
  return [...new Set(targets.filter((target) => target !== undefined))];
}
