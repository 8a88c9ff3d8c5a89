import { isDeepStrictEqual } from 'node:util';
import type { Permissions } from './desired-state';
import type { FactsRequest, HostFacts, LiveFile, TransactionFacts, UnitFacts, VolumeFacts } from './host-facts';
import { parseManifest } from './manifest';

/** The sections of `remote/facts.sh`, by name, and the raw contents at the end. */
export interface FactsAnswer {
  readonly sections: Readonly<Record<string, string>>;
  readonly contents: Buffer;
}

/** Takes an answer of `remote/facts.sh` apart. Throws when it is cut short. */
export function splitAnswer(answer: Buffer): FactsAnswer {
  // A host may call a section what it likes: __proto__, too.
  const sections: Record<string, string> = Object.create(null);
  let offset = 0;
  while (offset < answer.length) {
    const lineEnd = answer.indexOf(0x0a, offset);
    if (lineEnd < 0) throw new Error(`cut short at byte ${offset}`);
    const [name = '', length] = answer.toString('utf8', offset, lineEnd).split(' ');
    if (name === 'contents') return { sections, contents: answer.subarray(lineEnd + 1) };
    const end = lineEnd + 1 + Number(length);
    if (!/^\d+$/.test(length ?? '') || answer[end] !== 0x0a) throw new Error(`section ${JSON.stringify(name)} is cut short`);
    sections[name] = answer.toString('utf8', lineEnd + 1, end);
    offset = end + 1;
  }
  return { sections, contents: Buffer.alloc(0) };
}

/** Turns a whole answer into facts. Throws when it contradicts itself, e.g. when a file grew while it was read. */
export function parseFacts({ sections, contents }: FactsAnswer, request: FactsRequest): HostFacts {
  const text = (name: string): string => {
    const section = sections[name];
    if (section === undefined) throw new Error(`section ${JSON.stringify(name)} is missing`);
    return section;
  };
  const [architecture = '', cores, memory] = text('machine').split('\n');
  if (!/^\d{1,6}$/.test(cores ?? '') || !/^\d{1,15}$/.test(memory ?? ''))
    throw new Error('section "machine" tells neither cores nor memory');
  const groups = parseGroups(text('groups'));
  const files = parseFiles(text('files'), contents, parseDigests(sections.digests ?? ''));
  const transaction = takeTransaction(files, text('files'));
  return {
    os: { ...parseOsRelease(text('os')), architecture },
    cores: Number(cores),
    memoryMiB: Math.floor(Number(memory) / 1024),
    files,
    directories: parseDirectories(text('directories')),
    packages: parsePackages(text('packages')),
    users: parseUsers(text('passwd'), groups),
    groups: groups.map((group) => group.name).filter((name) => request.groups.includes(name)),
    units: parseUnits(text('units')),
    derived: parseDerived(text('derived')),
    volume: request.volume && parseVolume(text('volume'), request.volume),
    manifest: parseManifest(text('manifest')),
    ...(transaction && { transaction }),
  };
}

const transactionFolder = '/var/lib/mailserver/transaction';

/**
 * Reads what `remote/apply/common.sh` keeps of the last apply, and takes it out of the files that the host was asked for. All of it
 * is read twice, before everything else and after it: only an apply that was over both times has not touched what lies between.
 */
function takeTransaction(files: Record<string, LiveFile>, listing: string): TransactionFacts | undefined {
  const wasOverTwice = lines(listing).filter((line) => line.endsWith(` ${transactionFolder}/result`)).length > 1;
  const [id, , armed, committing] = ['plan/id', 'result', 'armed', 'committing'].map((name) => {
    const path = `${transactionFolder}/${name}`;
    const file = files[path];
    delete files[path];
    return file;
  });
  if (!id) return undefined;
  return { id: id.content.trim(), over: wasOverTwice && !armed && !committing };
}

/** os-release(5): shell-like assignments; a system without that file answered with `uname` and is named by it. */
export function parseOsRelease(text: string): { id: string; versionId: string; prettyName: string } {
  const value = (key: string) => new RegExp(`^${key}=["']?(.*?)["']?$`, 'm').exec(text)?.[1] ?? '';
  return { id: value('ID'), versionId: value('VERSION_ID'), prettyName: value('PRETTY_NAME') || text.trim() };
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

/** stat's octal mode without leading zeros to the four digits of the desired state. */
const permissions = (mode: string, owner: string, group: string): Permissions => ({ owner, group, mode: mode.padStart(4, '0') });

const kinds: Readonly<Record<string, LiveFile['kind']>> = { c: undefined, f: 'large', d: 'directory', l: 'link' };

/** @throws when a file that was read twice was not the same both times */
function parseFiles(
  listing: string,
  contents: Buffer,
  digests: ReadonlyMap<string, LiveFile['digest']>,
): Record<string, LiveFile> {
  const files = new Map<string, LiveFile>();
  let offset = 0;
  for (const line of lines(listing)) {
    const [, type = '', mode = '', owner = '', group = '', size, path = ''] =
      /^(.) (\S+) (\S+) (\S+) (\d+) (.*)$/.exec(line) ?? [];
    let content = '';
    if (type === 'c') {
      const end = offset + Number(size);
      if (end > contents.length) throw new Error(`${path} changed while it was read`);
      content = contents.toString('utf8', offset, end);
      offset = end;
    }
    const kind = type in kinds ? kinds[type] : 'special';
    if (path === '/') continue;
    const digest = kind === 'large' ? digests.get(path) : undefined;
    const file = { ...permissions(mode, owner, group), content, ...(kind && { kind }), ...(digest && { digest }) };
    if (!isDeepStrictEqual(files.get(path) ?? file, file)) throw new Error(`${path} changed while it was read`);
    files.set(path, file);
  }
  if (offset !== contents.length) throw new Error('a file changed while it was read');
  return Object.fromEntries(files);
}

/** Lines `SHA256 LINES PATH`. */
function parseDigests(listing: string): ReadonlyMap<string, LiveFile['digest']> {
  return new Map(
    lines(listing).flatMap((line) => {
      const [, sha256, count, path = ''] = /^([0-9a-f]{64}) (\d{1,12}) (.*)$/.exec(line) ?? [];
      return sha256 === undefined ? [] : [[path, { sha256, lines: Number(count) }] as const];
    }),
  );
}

function parseDirectories(listing: string): HostFacts['directories'] {
  const rows = lines(listing).map((line) => {
    const [, mode = '', owner = '', group = '', path = ''] = /^(\S+) (\S+) (\S+) (.*)$/.exec(line) ?? [];
    return [path, permissions(mode, owner, group)] as const;
  });
  return Object.fromEntries(rows.filter(([path]) => path !== '/'));
}

function parsePackages(text: string): HostFacts['packages'] {
  const rows = lines(text).map((line) => line.split(' '));
  return Object.fromEntries(rows.filter((row) => row[1] === 'installed').map(([name = '', , version = '']) => [name, version]));
}

interface GroupEntry {
  readonly name: string;
  readonly gid: string;
  readonly members: readonly string[];
}

function parseGroups(text: string): GroupEntry[] {
  return lines(text).map((line) => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    return { name, gid, members: members.split(',').filter((member) => member !== '') };
  });
}

function parseUsers(passwd: string, groups: readonly GroupEntry[]): HostFacts['users'] {
  const rows = lines(passwd).map((line) => {
    const [name = '', , , gid = '', , home = '', shell = ''] = line.split(':');
    const memberOf = groups.filter((group) => group.gid === gid || group.members.includes(name)).map((group) => group.name);
    return [name, { home, shell, groups: memberOf.sort() }] as const;
  });
  return Object.fromEntries(rows);
}

/** `systemctl show` answers in the order of the question; a unit's own name (`Id`) differs from an alias that was asked for. */
function parseUnits(text: string): HostFacts['units'] {
  const asked = [...text.matchAll(/^Asked=(.*)$/gm)].map((match) => match[1] ?? '');
  const blocks = text
    .replace(/^Asked=.*\n?/gm, '')
    .split('\n\n')
    .filter((block) => block.includes('='));
  if (blocks.length !== asked.length) throw new Error(`systemd told about ${blocks.length} of ${asked.length} units`);
  return Object.fromEntries(asked.map((unit, index) => [unit, parseUnit(blocks[index] ?? '')]));
}

function parseUnit(block: string): UnitFacts {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(block)?.[1] ?? '';
  const absent = value('LoadState') === 'not-found';
  return { active: value('ActiveState'), enabled: absent ? 'absent' : value('UnitFileState') || 'transient' };
}

function parseDerived(text: string): HostFacts['derived'] {
  const rows = lines(text).map((line) => {
    const [, word, name = '', reason = ''] = /^(current|stale) ([^\t]*)\t(.*)$/.exec(line) ?? [];
    const current = word === 'current';
    const warning = current ? /^warning: (.*)$/.exec(reason)?.[1] : undefined;
    const value = current ? /^value: (.*)$/.exec(reason)?.[1] : undefined;
    const said = { ...(warning && { warning }), ...(value && { value }) };
    return [name, { current, reason: current ? '' : reason || 'its check says so', ...said }] as const;
  });
  return Object.fromEntries(rows);
}

function parseVolume(text: string, wanted: { mountPoint: string; directories: readonly string[] }): VolumeFacts {
  const of = (word: string) =>
    lines(text)
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => line.slice(word.length + 1));
  const mounts = of('mount').map((line) => line.split(' '));
  const mounted = mounts.find(([root, target]) => root === '/' && target === wanted.mountPoint);
  return {
    device: of('device')[0] || null,
    fileSystem: of('type')[0] || null,
    mountPoint: mounted ? wanted.mountPoint : null,
    directories: wanted.directories.filter((directory) => mounts.some(([root, target]) => root !== '/' && target === directory)),
  };
}
