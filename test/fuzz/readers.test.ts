import { fuzzOptions, keptCases, runTarget, tryInput } from './run-target';
import { targets } from './targets';

const options = fuzzOptions(process.env);
const only = process.env.MAILSERVER_FUZZ_TARGET;
const chosen = targets.filter(({ name }) => !only || name === only);
if (chosen.length === 0) throw new Error(`no target is called '${only}': ${targets.map(({ name }) => name).join(', ')}`);
jest.setTimeout(((options.seconds ?? 0) + 120) * 1000);

describe.each(chosen.map((each) => [each.name, each] as const))('whatever is read by %s', (_, target) => {
  test('it ends in bounded time and memory, and with a sane result or a reason', () => runTarget(target, options));

  test('what once failed does not any more', async () => {
    for (const [file, input] of keptCases(target.name)) {
      await tryInput(target, input).catch((error: Error) =>
        Promise.reject(new Error(`cases/${target.name}/${file}: ${error.message}`)),
      );
    }
  });
});

test('a target that fails is seen: by a crash, a wrong result or the time that it takes', async () => {
  const [any] = targets;
  if (!any) throw new Error('no targets');
  const failing = (check: () => void) => runTarget({ ...any, milliseconds: 50, runs: 3, check }, { seed: 1, save: false });
  await expect(failing(() => JSON.parse('{'))).rejects.toThrow(/seed 1, input 1.*\n.*\n.*JSON/);
  const busy = () => {
    const before = process.cpuUsage();
    while (process.cpuUsage(before).user < 200_000);
  };
  await expect(failing(busy)).rejects.toThrow(/ms of processor time, 50 are allowed/);
});
