import { Argument, Command, Option } from 'commander';
import { checkPreconditions, supervise } from '../../../lab';
import { labDelegate } from './delegate';
import { labDown } from './down';
import { type LabFlags, labOf } from './flags';
import { labPort25 } from './port-25';
import { labRun } from './run';
import { labSsh } from './ssh';
import { labStatus } from './status';
import { labUp, type UpFlags } from './up';

const withLab = (command: Command): Command =>
  command
    .option('--name <name>', 'name of the lab; several run side by side', 'lab')
    .option('--state <folder>', 'its state folder (default: ~/.local/state/cdktf-mailserver/NAME)')
    .option('--cache <folder>', 'images, shared by all labs (default: ~/.cache/cdktf-mailserver-lab)');

/** `mailserver lab …` */
export function labCommand(): Command {
  // Before the subcommands are made: they inherit it.
  const lab = new Command('lab')
    .exitOverride()
    .enablePositionalOptions()
    .description(
      'A cloud, an internet and mail servers of others on this machine: real Debian machines, DNS and Postfix behind an emulated AWS API. Needs Linux and root; nothing gets out.',
    );
  // Each of them needs what the lab is made of, also to look at it or to take it away.
  lab.hook('preAction', checkPreconditions);
  withLab(lab.command('up'))
    .description('bring the lab up, deploy the stack into it and prove the mail host from outside; again: deploy anew')
    .option('--app <folder>', 'folder of the CDKTF program to deploy (default: the current one, else the package’s example)')
    .option('--stack <name>', 'stack to deploy, when the program has several')
    .option('--no-deploy', 'the lab only, with an empty cloud')
    .option('--no-proof', 'deploy, but do not send mails through')
    .option('--keep', 'leave everything as it is after a failure, to look into it')
    .action((flags: UpFlags) => labUp(flags));
  withLab(lab.command('status'))
    .description('machines, addresses, zones and what could not be done')
    .option('--json', 'for programs')
    .action((flags: LabFlags & { json?: boolean }) => labStatus(flags));
  withLab(lab.command('delegate'))
    .description('play the registrar: have the world ask the name servers of a zone in Route 53, or others')
    .argument('<zone>', 'the domain, e.g. example.com')
    .addOption(new Option('--to <hosts...>', 'these name servers (default: those of the zone in Route 53)').conflicts('remove'))
    .option('--remove', 'none any more')
    .action((zone: string, flags: LabFlags & { to?: string[]; remove?: boolean }) => labDelegate(flags, zone));
  withLab(lab.command('port-25'))
    .description("play AWS's support: let instances send to port 25 of others, which they cannot at first")
    .addArgument(new Argument('<state>').choices(['open', 'closed']))
    .action((state: 'open' | 'closed', flags: LabFlags) => labPort25(flags, state));
  withLab(lab.command('ssh'))
    .description('log in to the mail host, or to another machine of the lab')
    .argument('[command...]', 'run this instead of a shell')
    .option('--machine <name>', 'an instance id, or one of sender, receiver, dns (default: the first instance)')
    .passThroughOptions()
    .action((command: string[], flags: LabFlags & { machine?: string }) => labSsh(flags, command));
  withLab(lab.command('run'))
    .description("run any command in the lab's network and environment, e.g. run -- npx cdktf diff")
    .argument('<command...>')
    .passThroughOptions()
    .action((command: string[], flags: LabFlags) => labRun(flags, command));
  withLab(lab.command('down'))
    .description('remove the lab, also after a crash; images stay in the cache')
    .action((flags: LabFlags) => labDown(flags));
  withLab(lab.command('supervise', { hidden: true }))
    .addOption(new Option('--python <path>').makeOptionMandatory())
    .action(async (flags: LabFlags & { python: string }) => {
      await supervise(await labOf(flags), flags.python);
      process.exit(0);
    });
  return lab;
}
