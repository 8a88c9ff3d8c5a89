import { Command } from 'commander';
import { type StackFlags, withStackFlags } from '../deployed-stacks';

/** Flags of `mailserver verify`. */
export interface VerifyFlags extends StackFlags {
  readonly helo?: string;
  /** HELO name of one of several mail servers of the stacks. */
  readonly host?: string;
  readonly domain?: string[];
  readonly address?: string[];
  readonly outputs?: string;
  /** `user@host:port`; false: not from inside, whatever the stack says. */
  readonly ssh?: string | boolean;
  readonly identity?: string;
  readonly hostKey?: string;
  readonly resolver?: string[];
  readonly root?: string[];
  /** False: none. */
  readonly blocklists: boolean;
  readonly blocklist?: string[];
  readonly domainBlocklist?: string[];
  readonly smtp: boolean;
  readonly target?: string[];
  readonly listen?: string;
  readonly listenPort?: string;
  readonly timeout?: string;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly html?: string;
  readonly nagios?: boolean;
}

/** Repeatable: each mention adds one. */
const several = (value: string, before: string[] = []) => [...before, value];

export function verifyOptions(): Command {
  return withStackFlags(new Command('verify'))
    .description(
      'Does the world agree with your mail server? DNS from every side, the mail dialogue, blocklists, and the host itself. Run it in the folder of a deployed stack, or name the mail server.',
    )
    .option('--helo <name>', 'HELO name of the mail server (default: what the deployed stack says)')
    .option('--host <name>', 'look only at this one of several mail servers of the stack')
    .option('--domain <name>', 'a domain it receives mail for; repeat it', several)
    .option('--address <address>', 'an address it sends from; repeat it (default: those of the HELO name)', several)
    .option('--outputs <file>', 'outputs of the stack as "terraform output -json" prints them; - is standard input')
    .option('--ssh <user@host>', 'look at the mail host from inside, too (default: the login of the stack)')
    .option('--no-ssh', 'look from outside only')
    .option('--identity <file>', 'private key for the login (default: the agent)')
    .option('--host-key <key>', 'host key that it has to show: SHA256:… or ssh-ed25519 AAAA…')
    .option(
      '--resolver <address>',
      'resolver that has to agree; repeat it (default: MAILSERVER_RESOLVERS, else those of this machine and public ones)',
      several,
    )
    .option('--root <address>', 'where the walk to the authoritative servers begins; repeat it', several)
    .option('--blocklist <zone>', 'blocklist of addresses to ask; repeat it', several)
    .option('--domain-blocklist <zone>', 'blocklist of domains to ask; repeat it', several)
    .option('--no-blocklists', 'ask no blocklist')
    .option('--no-smtp', 'do not talk to ports 25, 587 and 465')
    .option(
      '--target <host>',
      'mail server whose port 25 the host is to reach; repeat it (default: four of the biggest)',
      several,
    )
    .option('--listen <address>', 'hear the HELO name: the host sends a mail to this machine at this address')
    .option('--listen-port <port>', 'port to listen on, where port 25 is forwarded to it')
    .option('--timeout <seconds>', 'for each look-up and each reply', '2.5')
    .option('--all', 'list everything, even what is healthy in each of many domains')
    .option('--json', 'for programs')
    .option('--html <file>', 'write the report as one page, to be sent or printed')
    .option('--nagios', 'one line for a monitoring system')
    .addHelpText(
      'after',
      `
Exit code, as of a Nagios plugin: 0 healthy, 1 warning, 2 critical, 3 unknown.

Examples:
  mailserver verify                                             the stack that is deployed from here
  mailserver verify --host mx2.example.com                      one of its hosts
  mailserver verify --helo mail.example.com --domain example.com
  mailserver verify --ssh admin@mail.example.com --html report.html --helo mail.example.com
  terraform output -json | mailserver verify --outputs - --nagios`,
    );
}
