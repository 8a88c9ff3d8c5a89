import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deploy, type Lab, prepare } from '../../../lab';
import { reportEvents, reportSteps, testLabs } from '../../e2e/support/lab';
import { CollectedSuite } from '../collected-suite';
import { nameOf, type StackMutant } from '../mutant';
import { tell } from '../outcomes';
import { mutantsOfStacks } from '../table/of-stacks';

const program = resolve(__dirname, '../../e2e/program');

/** The deployment of test/e2e/deploy.test.ts, whose stack is then changed before it is applied again. */
describe('mutants of the stack', () => {
  const suite = CollectedSuite.of(() => require('../../e2e/deploy.test'));
  let lab: Lab;

  beforeAll(async () => {
    await suite.prepare();
    lab = testLabs[0] as Lab;
    expect(await suite.select('is applied without an error').failure()).toBeUndefined();
  }, 900_000);
  afterAll(() => suite.cleanUp(), 200_000);

  const applied = async (mutant?: StackMutant) => {
    const prepared = await prepare(lab, { app: program }, reportSteps);
    const path = join(prepared.stack.dir, 'cdk.tf.json');
    const text = readFileSync(path, 'utf8');
    const changed = mutant ? text.replaceAll(mutant.from, () => mutant.to) : text;
    expect({ changed: changed !== text }).toEqual({ changed: mutant !== undefined });
    writeFileSync(path, changed);
    await deploy(lab, prepared, reportEvents);
  };

  const rows = mutantsOfStacks.map((mutant): [string, StackMutant] => [nameOf(mutant), mutant]);
  test.each(rows)(
    '%s',
    async (name, mutant) => {
      for (const { title } of mutant.killedBy) {
        const test = suite.select(title);
        const outcome = async (mutant?: StackMutant) => {
          await applied(mutant);
          await test.prepare();
          return test.failure();
        };
        const killed = await outcome(mutant);
        tell(name, title, killed);
        expect({ killedBy: killed === undefined ? 'no test' : title }).toEqual({ killedBy: title });
        expect({ withoutIt: await outcome() }).toEqual({ withoutIt: undefined });
      }
    },
    900_000,
  );
});
