import { access, constants, writeFile } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import type { Command } from 'commander';
import { harmless } from '../../text/harmless';
import { defaultBlocklists, type VerifyReport, verify, worst } from '../../verify';
import { ExitCode, errorText } from '../outcome';
import { complain, say, sayJson } from '../terminal';
import { Counter } from './counter';
import { type VerifyFlags, verifyOptions } from './flags';
import { exitCode, nagiosLine } from './nagios';
import { reportPage } from './page';
import { type Target, targetsOf } from './subject';
import { reportText } from './text';

/** `mailserver verify` */
export function verifyCommand(): Command {
  return verifyOptions().exitOverride().action(run);
}

async function run(flags: VerifyFlags): Promise<void> {
  try {
    await verifyAndTell(flags);
  } catch (error) {
    if (error instanceof ExitCode) throw error;
    // A plugin has to say UNKNOWN on its one line.
    const text = error instanceof Error ? error.message : String(error);
    if (flags.nagios) say(`MAILSERVER UNKNOWN - ${harmless(text.replace(/[|\r\n]+/g, ' '))}\n`);
    else complain(`${errorText(error)}\n`);
    throw new ExitCode(exitCode('unknown'));
  }
}

async function verifyAndTell(flags: VerifyFlags): Promise<void> {
  const timeoutMilliseconds = milliseconds(flags.timeout ?? '2.5');
  const listenPort = flags.listenPort === undefined ? undefined : portOf(flags.listenPort);
  if (flags.html !== undefined) await checkFolder(flags.html);
  const targets = await targetsOf(flags);
  if (flags.listen !== undefined && targets.some(({ connection }) => !connection)) {
    throw new Error('--listen needs a login to the mail host, which is to send the mail: add --ssh user@host');
  }
  const reports: VerifyReport[] = [];
  for (const target of targets) reports.push(await look(flags, timeoutMilliseconds, listenPort, target));
  const pages = reports.map((report) => [pageFile(flags.html, report, reports.length), report] as const);
  for (const [file, report] of pages) if (file !== undefined) await writeFile(file, reportPage(report));
  if (flags.json) sayJson(reports.length > 1 ? reports : reports[0]);
  else if (flags.nagios) say(`${nagiosLine(reports)}\n`);
  else {
    const width = Math.min(process.stdout.columns ?? 120, 140);
    say(reports.map((report) => reportText(report, { all: flags.all, width })).join('\n\n'));
    for (const [file] of pages) if (file !== undefined) say(`\nwritten to ${file}\n`);
  }
  const code = exitCode(worst(reports.map(({ state }) => state)));
  if (code !== 0) throw new ExitCode(code);
}

function look(
  flags: VerifyFlags,
  timeoutMilliseconds: number,
  listenPort: number | undefined,
  { subject, connection }: Target,
): Promise<VerifyReport> {
  const counter = new Counter();
  const looking = verify(subject, {
    timeoutMilliseconds,
    onAnswer: (answered, asked) => counter.show(`DNS: ${answered} of ${asked} questions answered`),
    resolvers: flags.resolver ?? resolversOf(process.env),
    roots: flags.root,
    blocklists: blocklistsOf(flags),
    smtp: flags.smtp,
    smtpOptions: { timeoutMilliseconds: Math.max(timeoutMilliseconds, 5000) },
    connection,
    hostOptions: {
      targets: flags.target,
      listen: flags.listen === undefined ? undefined : { address: flags.listen, port: listenPort },
    },
  });
  return looking.finally(() => counter.clear());
}

/** Where the page of a report goes: of several hosts each has a file with its name, `report-mx1.example.com.html`. */
function pageFile(file: string | undefined, { subject }: VerifyReport, count: number): string | undefined {
  if (file === undefined || count === 1) return file;
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-${subject.heloName}${ext}`);
}

/** A report that took a minute is not to be lost for a folder that is not there. */
async function checkFolder(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  await access(folder, constants.W_OK).catch(() => {
    throw new Error(`--html '${file}': the folder ${folder} is not there, or cannot be written to`);
  });
}

function blocklistsOf({ blocklists, blocklist, domainBlocklist }: VerifyFlags) {
  if (!blocklists) return { address: [], domain: [] };
  if (!blocklist && !domainBlocklist) return defaultBlocklists;
  return { address: blocklist ?? [], domain: domainBlocklist ?? [] };
}

/** As the provider takes them; undefined when the environment names none. */
function resolversOf({ MAILSERVER_RESOLVERS = '' }: NodeJS.ProcessEnv): string[] | undefined {
  const named = MAILSERVER_RESOLVERS.split(/[\s,]+/).filter(Boolean);
  return named.length > 0 ? named : undefined;
}

function milliseconds(seconds: string): number {
  const value = Number(seconds);
  if (!(value >= 0.1 && value <= 60)) throw new Error(`--timeout '${seconds}' is not a number of seconds from 0.1 to 60`);
  return value * 1000;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`--listen-port '${text}' is not a port: 1 to 65535`);
  return port;
}
