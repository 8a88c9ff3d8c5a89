import { Command, CommanderError } from 'commander';
import { UnsupportedMachineError } from '../../lab';
import { packageInfo } from '../installer/package-info';
import { labCommand } from './lab/command';
import { ExitCode, errorText } from './outcome';
import { providerCommand } from './provider/command';
import { sesLoginCommand } from './ses-login/command';
import { complain, say } from './terminal';
import { verifyCommand } from './verify/command';
import { zoneCommand } from './zone/command';

const program = new Command('mailserver')
  .description('What Terraform has no verb for, around mail servers that are deployed with cdktf-mailserver.')
  .version(packageInfo().version)
  .configureOutput({ writeOut: say, writeErr: complain })
  .showHelpAfterError('(see "mailserver --help")')
  .addCommand(verifyCommand())
  .addCommand(zoneCommand())
  .addCommand(providerCommand())
  .addCommand(sesLoginCommand())
  .addCommand(labCommand())
  .addHelpText(
    'after',
    `
Examples:
  mailserver verify                    does the world agree with the deployed mail server?
  mailserver zone                      records that are yours to set, as a zone file
  mailserver provider                  the provider for a configuration in HCL
  mailserver lab up                    a whole mail host, deployed and proven on this machine
  mailserver lab run -- npx cdktf diff any command against the lab's cloud
  mailserver lab ssh                   log in to the mail host
  mailserver lab down                  leave nothing behind`,
  )
  .exitOverride();

// Whoever reads may have seen enough, as `head` does; what is being done is done to its end all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : ExitCode.usage);
  if (error instanceof ExitCode) process.exit(error.code);
  complain(`${errorText(error)}\n`);
  process.exit(error instanceof UnsupportedMachineError ? ExitCode.unsupported : 1);
});
