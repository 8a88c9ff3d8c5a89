import { Command } from 'commander';
import { say } from '../terminal';
import { accessKeyIn } from './access-key';
import { smtpPassword } from './smtp-password';

interface SesLoginFlags {
  readonly region: string;
  readonly variables?: string;
  readonly passwordOnly?: boolean;
  readonly show?: boolean;
}

/** Standard input, or what stands for it in a test. */
type Input = AsyncIterable<Buffer | string> & { readonly isTTY?: boolean };

/** More than any answer of IAM. */
const MOST_CHARACTERS = 10_000;

/** `mailserver ses-login`: secrets come and go by pipes, where neither a list of processes nor the history of a shell has them. */
export function sesLoginCommand(input: Input = process.stdin): Command {
  return new Command('ses-login')
    .exitOverride()
    .description(
      'Turn an access key, as "aws iam create-access-key --output json" prints it, into a login for the SMTP endpoint of Amazon SES. Reads standard input, asks nobody, and stores nothing.',
    )
    .requiredOption('--region <region>', 'region of SES: the password is good for this one only')
    .option('--variables <prefix>', 'print variables of Terraform, PREFIX_user and PREFIX_password, for --var-file')
    .option('--password-only', 'print the password alone, for a secret store')
    .option('--show', 'print to a terminal, too')
    .action(async (flags: SesLoginFlags) => {
      if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(flags.region)) {
        throw new Error(`--region: '${flags.region}' is not a region: expected a name such as eu-central-1`);
      }
      if (flags.variables !== undefined && !/^[A-Za-z_]\w*$/.test(flags.variables)) {
        throw new Error(`--variables: '${flags.variables}' cannot begin the name of a variable: take letters, digits and _`);
      }
      if (flags.variables !== undefined && flags.passwordOnly)
        throw new Error('--variables and --password-only: leave out one of them');
      if (process.stdout.isTTY && !flags.show) {
        throw new Error(
          'the login would be readable on the terminal: send it to a file that only you can read or to a secret store, or say --show',
        );
      }
      if (input.isTTY)
        throw new Error(
          'pipe the access key in: aws iam create-access-key --output json --user-name USER | npx mailserver ses-login …',
        );
      const { id, secret } = accessKeyIn(await textOf(input));
      say(`${printed(id, smtpPassword(secret, flags.region), flags)}\n`);
    });
}

function printed(user: string, password: string, { variables, passwordOnly }: SesLoginFlags): string {
  if (passwordOnly) return password;
  const login =
    variables === undefined ? { user, password } : { [`${variables}_user`]: user, [`${variables}_password`]: password };
  return JSON.stringify(login, null, 2);
}

async function textOf(input: Input): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += chunk;
    if (text.length > MOST_CHARACTERS) throw new Error('standard input is too long for an access key');
  }
  return text;
}
