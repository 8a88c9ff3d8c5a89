import { APPLY, applyHere, applyRole } from '../load/apply-role';
import { type HostSpec, LoadLab } from '../load/load-lab';
import gateProgram from './gate.py';
import { type GateFigures, gateTable } from './report';

/**
 * The gate, next to what it is built on: a reload by a service user next to bare postmap and `postfix reload` of the same files,
 * in turn, in one run.
 */
const repeat = Number(process.env.BENCH_REPEAT ?? 5);

const settings = (heloName: string) => ({ heloName, antivirus: true, clamavTestSignatureOnly: true, greylistDelaySeconds: 1 });

const host = (name: string, number: number): HostSpec => ({
  name,
  hostName: `mail.${name}.test`,
  addresses: [`198.51.100.${number}`, `198.51.100.${number + 1}`],
});

async function main(): Promise<void> {
  const load = await LoadLab.start();
  try {
    const mail = host('gate', 80);
    await load.boot([mail]);
    const [address] = mail.addresses as [string];
    await applyRole(load.lab, { address, privateKeyPath: load.privateKeyPath, settings: settings(mail.hostName) });
    const figures = JSON.parse(await load.inside(mail.name, 'python3 - "$1"', [String(repeat)], gateProgram)) as GateFigures;
    console.log(`\nmedians of ${repeat} runs\n\n${gateTable(figures)}\n`);
  } finally {
    await load.stop();
  }
}

(process.argv[2] === APPLY ? applyHere(process.argv[3] as string) : main()).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
