import { isIP } from 'node:net';
import { asciiName, normalizeName } from '../../dns';
import type { ConnectionSettings } from '../../host/connection-settings';
import { mailDomain, nameProblem } from '../../net/domain-name';
import { isPrivateAddress, type VerifySubject } from '../../verify';
import { deployedOutputs } from '../deployed-stacks';
import type { VerifyFlags } from './flags';
import { mailServersIn, outputsFile, type VerifyOutput } from './mail-servers-in-outputs';

/** What is to be looked at, and how the mail host is logged in to. */
export interface Target {
  readonly subject: VerifySubject;
  readonly connection?: ConnectionSettings;
}

/**
 * The mail servers that the flags name, completed by what the stack says; the flags go first. Without a name all of the stack.
 *
 * @throws Error for a flag that is not a name or address, and when there is no stack, or none with a mail server
 */
export async function targetsOf(flags: VerifyFlags): Promise<readonly [Target, ...Target[]]> {
  const helo = flags.helo === undefined ? undefined : normalizeName(asciiName(flags.helo));
  const named = flags.domain?.map((domain) => normalizeName(asciiName(domain)));
  const problems = [
    ...(helo === undefined ? [] : [nameProblem('HELO name', helo)]),
    ...(named ?? []).map(mailDomain),
    ...(flags.address ?? []).map(addressProblem),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new Error(problems.join('; '));
  if (helo !== undefined && flags.outputs === undefined) return [target(flags, helo, named, undefined)];
  const [first, ...more] = await fromStacks(flags, helo);
  if (more.length > 0 && flags.address !== undefined) {
    const names = [first, ...more].map((each) => each.helo_name).join(', ');
    throw new Error(`--address is of one mail server, and there are ${names}: choose one with --host`);
  }
  return [target(flags, helo, named, first), ...more.map((each) => target(flags, helo, named, each))];
}

function target(
  flags: VerifyFlags,
  helo: string | undefined,
  named: readonly string[] | undefined,
  stack: VerifyOutput | undefined,
): Target {
  return {
    subject: {
      heloName: helo ?? normalizeName(stack?.helo_name ?? ''),
      addresses: flags.address ?? stack?.addresses ?? [],
      domains: [...new Set((named ?? stack?.domains ?? []).map(normalizeName))],
      ...(stack?.mail_exchangers && {
        exchangers: stack.mail_exchangers.map(({ helo_name, preference }) => ({ heloName: helo_name, preference })),
      }),
      ...(stack?.with_subdomains && { withSubdomains: stack.with_subdomains }),
      ...(stack?.with_known_recipients && { withKnownRecipients: stack.with_known_recipients }),
      ...(stack?.smart_hosts && { smartHosts: stack.smart_hosts }),
      ...(stack?.dkim && {
        dkim: Object.fromEntries(Object.entries(stack.dkim).flatMap(([name, text]) => (text === null ? [] : [[name, text]]))),
      }),
      ...(stack?.without_dkim && { withoutDkim: stack.without_dkim }),
    },
    connection: connectionOf(flags, stack),
  };
}

function addressProblem(address: string): string | undefined {
  if (isIP(address) === 0) return `'${address}' is not an IP address`;
  if (!isPrivateAddress(address)) return undefined;
  return `'${address}' is an address that nobody on the internet can reach: give the one that others see, behind 1:1 NAT the outside one`;
}

async function fromStacks(flags: VerifyFlags, helo: string | undefined): Promise<readonly [VerifyOutput, ...VerifyOutput[]]> {
  const found = mailServersIn(flags.outputs === undefined ? await deployedOutputs(flags) : outputsFile(flags.outputs));
  const name = helo ?? (flags.host === undefined ? undefined : normalizeName(asciiName(flags.host)));
  const wanted = name === undefined ? found : found.filter((each) => normalizeName(each.helo_name) === name);
  const [first, ...more] = wanted;
  if (!first) {
    const known = found.map((each) => each.helo_name).join(', ');
    throw new Error(
      known === ''
        ? "the stack's outputs name no mail server (an output whose name ends with 'verify'): deploy it once more, or give --helo and --domain"
        : `no mail server '${name}' in the outputs, which have ${known}`,
    );
  }
  return [first, ...more];
}

function connectionOf(flags: VerifyFlags, stack: VerifyOutput | undefined): ConnectionSettings | undefined {
  if (flags.ssh === false) return undefined;
  const own = {
    ...(flags.identity !== undefined && { privateKeyPath: flags.identity }),
    ...(flags.hostKey !== undefined && { hostKey: flags.hostKey }),
  };
  if (typeof flags.ssh === 'string') return { ...sshLogin(flags.ssh), ...own };
  return stack?.ssh && { ...stack.ssh, ...own };
}

/**
 * `user@host`, `host`, `user@host:port`, `user@[2001:db8::1]:port`.
 *
 * @throws Error when it is none of these
 */
export function sshLogin(text: string): Pick<ConnectionSettings, 'host' | 'port' | 'user'> {
  const [, user, bracketed, plain, port] = /^(?:([^@\s]+)@)?(?:\[([^\]]+)\]|([^:@\s]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw new Error(`--ssh '${text}' is not a login: write user@host or user@host:port`);
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535))
    throw new Error(`--ssh '${text}': '${port}' is not a port: 1 to 65535`);
  return { host, ...(user !== undefined && { user }), ...(port !== undefined && { port: Number(port) }) };
}
