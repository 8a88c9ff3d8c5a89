import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { awsEndpoint } from '../aws';
import { labKey } from '../machines';
import { shortened } from '../model/conditions';
import { conditionsOf } from '../model/state-folder';
import { publicResolvers, resolver } from '../model/world-addresses';
import { inOperatorNetwork } from '../network';
import type { Lab } from '../system';
import { outputDirOf } from './output-folder';

/** File that the provider appends its progress to, one line each. */
export const progressFile = (lab: Lab) => join(lab.stateDir, 'progress.log');

/** Time to live of a customer's records, in seconds: the constructs' own default. */
const usualTtl = 300;

/** Variables that would lead out of the lab, to the user's own cloud; `TF_VAR_...` belong to the stack. */
const foreign = /^(AWS_|TF_(?!LOG|VAR_)|CDKTF_|https?_proxy$|all_proxy$)/i;

/**
 * The environment of everything that works on the lab's cloud: Terraform, `cdktf`, the AWS command line.
 * @param program Folder of the CDKTF program. Default: the one that was deployed first.
 * @param dataDir `mirrorDataDir`.
 */
export async function labEnvironment(
  lab: Lab,
  program?: string,
  dataDir = join(lab.stateDir, 'terraform-data'),
): Promise<Record<string, string>> {
  const output = await outputDirOf(lab, program);
  const terraformrc = join(lab.stateDir, 'terraformrc');
  await mkdir(lab.stateDir, { recursive: true });
  if (!existsSync(terraformrc)) await writeWhole(terraformrc, '');
  const { path: key } = await labKey(lab);
  const { timeFactor } = await conditionsOf(lab);
  // Empty instead of left out: it holds for whoever adds this to an environment, too.
  const own = Object.entries(process.env).map(([name, value]) => [name, foreign.test(name) ? '' : (value ?? '')]);
  return {
    ...(Object.fromEntries(own) as Record<string, string>),
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_CONFIG_FILE: '/dev/null',
    TF_CLI_CONFIG_FILE: terraformrc,
    XDG_DATA_DIRS: dataDir,
    XDG_DATA_HOME: dataDir,
    CHECKPOINT_DISABLE: '1',
    DISABLE_VERSION_CHECK: '1',
    CDKTF_OUTDIR: output,
    CDKTF_OUTPUT: output,
    CDKTF_TERRAFORM_PARALLELISM: '40',
    // Names and networks of examples are real here.
    MAILSERVER_LAB: lab.name,
    MAILSERVER_SSH_PUBLIC_KEY_FILE: `${key}.pub`,
    MAILSERVER_SSH_PRIVATE_KEY_FILE: key,
    MAILSERVER_PROGRESS: progressFile(lab),
    MAILSERVER_RESOLVERS: publicResolvers.map(({ ipv4 }) => ipv4).join(),
    MAILSERVER_TTL_SECONDS: process.env.MAILSERVER_TTL_SECONDS ?? String(shortened(usualTtl, timeFactor)),
    // There is no way to ClamAV's mirrors; and nobody wants to wait a minute for the first mail of a trial.
    MAILSERVER_CLAMAV_TEST_SIGNATURE_ONLY: process.env.MAILSERVER_CLAMAV_TEST_SIGNATURE_ONLY ?? 'true',
    MAILSERVER_GREYLIST_DELAY_SECONDS: process.env.MAILSERVER_GREYLIST_DELAY_SECONDS ?? '3',
  };
}

/**
 * The command line that runs `command` in the lab: in the operator's network, where the lab's AWS and its internet are, and with
 * the lab's resolver in place of the host's.
 */
export async function inLab(lab: Lab, command: readonly string[]): Promise<[string, ...string[]]> {
  const [resolvConf, nsswitch] = [join(lab.stateDir, 'resolv.conf'), join(lab.stateDir, 'nsswitch.conf')];
  await writeWhole(resolvConf, `nameserver ${resolver.ipv4}\noptions timeout:2 attempts:2\n`);
  // Without the modules of a host's own resolver, which would ask the real internet.
  await writeWhole(nsswitch, 'passwd: files\ngroup: files\nhosts: files dns\n');
  const script =
    'for f in resolv.conf nsswitch.conf; do [ ! -e /etc/$f ] || mount --bind "$1/$f" /etc/$f; done; shift; exec "$@"';
  const isolated = ['unshare', '--mount', '--propagation', 'private', '--', 'sh', '-c', script, 'lab', lab.stateDir, ...command];
  return inOperatorNetwork(lab, isolated);
}

/** Another command may be reading the file, and must never see half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}
