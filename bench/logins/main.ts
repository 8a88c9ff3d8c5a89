import { APPLY, applyHere, applyRole } from '../load/apply-role';
import { type HostSpec, LoadLab } from '../load/load-lab';
import loginProgram from './logins.py';
import { type LoginFigures, loginTable } from './report';

/** The program that watches logins: what a submitted mail costs it, and whether 587 answers as quickly with it as without. */
const rounds = Number(process.env.BENCH_REPEAT ?? 5);
const mails = Number(process.env.BENCH_MAILS ?? 500);

/** Nothing of the measurement meets a limit. */
const MANY = 100_000_000;
const limits = {
  mailsPerMinute: MANY,
  mailsPerHour: MANY,
  mailsPerDay: MANY,
  recipientsPerMinute: MANY,
  recipientsPerHour: MANY,
  recipientsPerDay: MANY,
  newRecipientsPerDay: MANY,
};
const settings = (heloName: string) => ({
  heloName,
  domains: { 'example.com': {} },
  virtualAliases: { 'bench@example.com': ['root'] },
  loginLimits: limits,
  checks: { intervalMinutes: 60 },
});

const host: HostSpec = { name: 'logins', hostName: 'mail.logins.test', addresses: ['198.51.100.84', '198.51.100.85'] };

async function main(): Promise<void> {
  const load = await LoadLab.start();
  try {
    await load.boot([host]);
    const [address] = host.addresses as [string];
    await applyRole(load.lab, { address, privateKeyPath: load.privateKeyPath, settings: settings(host.hostName) });
    const said = await load.inside(host.name, 'python3 - "$1" "$2"', [String(rounds), String(mails)], loginProgram);
    console.log(`\nmedians of ${rounds} rounds of ${mails} mails\n\n${loginTable(JSON.parse(said) as LoginFigures)}\n`);
  } finally {
    await load.stop();
  }
}

(process.argv[2] === APPLY ? applyHere(process.argv[3] as string) : main()).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
