import {
  type ApplyResult,
  findProgram,
  labEnvironment,
  mirrorDataDir,
  mirrorFor,
  requireTerraform,
  type Stack,
  synthesise,
  terraformApply,
  terraformInit,
  terraformResources,
  withProgress,
} from './deploy';
import { labCommandLine } from './model/lab-command-line';
import { readRecord, writeRecord } from './model/state-folder';
import { type Check, prove, type Subject, subjectOf } from './proof';
import { withRegistrar } from './registrar';
import { control } from './supervisor';
import { type Lab, type OnStep, step } from './system';

/** A synthesised stack with its providers, ready to be applied. */
export interface Prepared {
  readonly stack: Stack;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Synthesises a stack and fetches its providers; needs no lab to be up, only its state folder.
 * @param from Folder of the CDKTF program and name of the stack. Default: the current folder, else the package's example.
 */
export async function prepare(
  lab: Lab,
  from: { readonly app?: string; readonly stack?: string },
  onStep: OnStep,
): Promise<Prepared> {
  await requireTerraform();
  const program = await findProgram(from.app);
  const stack = await step(onStep, `synth (${program.app})`, async () =>
    synthesise(lab, program, await labEnvironment(lab, program.dir), from.stack),
  );
  const mirror = await mirrorFor(stack);
  const environment = await labEnvironment(lab, program.dir, await mirrorDataDir(lab, mirror));
  await step(onStep, `terraform init (${mirror ? `providers from ${mirror}` : "providers from Terraform's registry"})`, () =>
    terraformInit(stack, environment),
  );
  await writeRecord(lab, { ...(await readRecord(lab.stateDir)), program: program.dir, stack });
  return { stack, environment };
}

/** What was prepared last. */
export async function preparedEarlier(lab: Lab): Promise<Prepared> {
  const record = await readRecord(lab.stateDir);
  if (!record?.stack) throw new Error(`nothing has been deployed in lab ${lab.name} yet; run "${labCommandLine(lab, 'up')}"`);
  return { stack: record.stack, environment: await labEnvironment(lab, record.program) };
}

/** `terraform apply`, with a person who asks AWS for port 25 and registers new zones; returns when the machines are what the cloud says. */
export async function deploy(
  lab: Lab,
  { stack, environment }: Prepared,
  events: { readonly onStep: OnStep; readonly onLine: (line: string) => void; readonly signal?: AbortSignal },
): Promise<ApplyResult> {
  if ((await control(lab, 'status')).outboundPort25 === 'closed') {
    await step(events.onStep, 'ask AWS to let the account send to port 25', () => control(lab, 'port25', { open: true }));
  }
  const apply = () => terraformApply(lab, stack, environment, events.onStep, { signal: events.signal });
  const result = await withProgress(lab, events.onLine, () => withRegistrar(lab, events.onStep, apply));
  await control(lab, 'settle');
  return result;
}

/** `terraform destroy`; returns when the machines are gone. */
export async function destroy(
  lab: Lab,
  { stack, environment }: Prepared,
  events: { readonly onStep: OnStep; readonly onLine: (line: string) => void },
): Promise<ApplyResult> {
  const result = await withProgress(lab, events.onLine, () =>
    terraformApply(lab, stack, environment, events.onStep, { destroy: true }),
  );
  await control(lab, 'settle');
  return result;
}

/** The deployed mail host. */
export async function deployedHost(lab: Lab, { stack, environment }: Prepared): Promise<Subject> {
  const { snapshot } = await control(lab, 'settle');
  return subjectOf(await terraformResources(stack, environment), snapshot);
}

/** Shows that the deployed mail host does its job. */
export async function proveDeployment(lab: Lab, prepared: Prepared): Promise<Check[]> {
  return prove(lab, await deployedHost(lab, prepared));
}
