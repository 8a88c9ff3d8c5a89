import { APPLY, applyHere, applyRole } from '../load/apply-role';
import { type HostSpec, LoadLab } from '../load/load-lab';
import { type PushFigures, pushTable } from './report';

/** The first push next to an installation of the same packages: machines that have nothing yet, in turn, one at a time. */
const rounds = Number(process.env.BENCH_PUSHES ?? 3);

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

const installedPackages = `zgrep -hoE '^Commandline: apt-get .* install .*' /var/log/apt/history.log | sed 's/.* install //' | tr ' ' '\\n' | grep -v '^-' | sort -u`;

async function pushes(load: LoadLab): Promise<PushFigures> {
  const pairs: { push: number; bare: number }[] = [];
  let packages: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = host(`push${round}`, 80 + 4 * round);
    const bare = host(`bare${round}`, 82 + 4 * round);
    await load.boot([ours, bare]);
    const [address] = ours.addresses as [string];
    const role = { address, privateKeyPath: load.privateKeyPath, settings: settings(ours.hostName) };
    const push = await seconds(() => applyRole(load.lab, role));
    packages = (await load.inside(ours.name, installedPackages)).split('\n');
    pairs.push({ push, bare: await seconds(() => load.inside(bare.name, bareInstallation, packages)) });
  }
  return { pairs, packages: packages.length };
}

async function main(): Promise<void> {
  const load = await LoadLab.start();
  try {
    console.log(`\n${pushTable(await pushes(load))}\n`);
  } finally {
    await load.stop();
  }
}

(process.argv[2] === APPLY ? applyHere(process.argv[3] as string) : main()).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
