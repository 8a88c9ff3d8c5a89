import { APPLY, applyHere, applyRole } from '../load/apply-role';
import { type HostSpec, LoadLab } from '../load/load-lab';
import { median } from '../statistics';
import gateProgram from './gate.py';
import { type GateFigures, gateTable, type PushFigures, pushTable } from './report';

/**
 * The gate, next to what it is built on: a reload by a service user next to bare postmap and `postfix reload` of the same files, and
 * the first push next to an installation of the same packages. In turn, in one run.
 */
const repeat = Number(process.env.BENCH_REPEAT ?? 5);

const rounds = Number(process.env.BENCH_PUSHES ?? 2);

const settings = (heloName: string) => ({ heloName, antivirus: true, clamavTestSignatureOnly: true, greylistDelaySeconds: 1 });

const host = (name: string, number: number): HostSpec => ({
  name,
  hostName: `mail.${name}.test`,
  addresses: [`198.51.100.${number}`, `198.51.100.${number + 1}`],
});

const seconds = async (work: () => Promise<unknown>) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

/** What a push installs, by apt alone; services stay off, as a push keeps them until their configuration is there. */
const bareInstallation = `
export DEBIAN_FRONTEND=noninteractive
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d
echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
apt-get -qq update
apt-get -qq -y --no-install-recommends install "$@" </dev/null
rm /usr/sbin/policy-rc.d`;

/** Machines that have nothing yet, a push and a bare installation in turn. */
async function pushes(load: LoadLab): Promise<PushFigures> {
  const found: { push: number[]; bare: number[] } = { push: [], bare: [] };
  let packages: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = host(`push${round}`, 80 + 4 * round);
    const bare = host(`bare${round}`, 82 + 4 * round);
    await load.boot([ours, bare]);
    const push = () =>
      applyRole(load.lab, {
        address: ours.addresses[0] as string,
        privateKeyPath: load.privateKeyPath,
        settings: settings(ours.hostName),
      });
    found.push.push(await seconds(push));
    packages = (
      await load.inside(
        ours.name,
        `zgrep -hoE '^Commandline: apt-get .* install .*' /var/log/apt/history.log | sed 's/.* install //' | tr ' ' '\\n' | grep -v '^-' | sort -u`,
      )
    ).split('\n');
    found.bare.push(await seconds(() => load.inside(bare.name, bareInstallation, packages)));
  }
  return { push: median(found.push), bare: median(found.bare), packages: packages.length };
}

async function main(): Promise<void> {
  const load = await LoadLab.start();
  try {
    const push = await pushes(load);
    console.log(`\n${pushTable(push)}\n`);
    const figures = JSON.parse(await load.inside('push0', 'python3 - "$1"', [String(repeat)], gateProgram)) as GateFigures;
    console.log(`\nmedians of ${repeat} runs\n\n${gateTable(figures)}\n`);
  } finally {
    await load.stop();
  }
}

(process.argv[2] === APPLY ? applyHere(process.argv[3] as string) : main()).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
