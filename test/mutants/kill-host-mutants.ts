import type { DesiredState } from '../../lib/host/desired-state';
import { bootedMachines, type TestMachine } from '../e2e/support/host-lab';
import { SmtpSink } from '../e2e/support/smtp-sink';
import { CollectedSuite } from './collected-suite';
import { altered, type HostMutant, nameOf } from './mutant';
import { tell } from './outcomes';

/** What one run of a test leaves behind, and the next one would take for its own. */
const FORGET = `
postsuper -d ALL >/dev/null 2>&1
rm -rf /var/lib/amavis/virusmails/* /home/*/inbox/*.json /home/*/inbox/[A-Za-z]*
for box in /var/mail/*; do [ ! -f "$box" ] || : >"$box"; done
systemctl stop postgrey; rm -f /var/lib/postgrey/*.db /var/lib/postgrey/__db.*; systemctl start postgrey policyd-weight
for i in $(seq 300); do /usr/lib/mailserver/probe policy 127.0.0.1 10023 >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1`;

/**
 * Each mutant on the one host of a file of tests: the tests that it names fail as long as it is there, and pass without it.
 * @param suiteFile Path of the file, from the folder of the package.
 * @param load Defines its tests.
 */
export function killHostMutants(suiteFile: string, mutants: readonly HostMutant[], load: () => void): void {
  describe(`mutants of the host of ${suiteFile}`, () => {
    const suite = CollectedSuite.of(load);
    let whole: Applied = [];
    beforeAll(async () => {
      await suite.prepare();
      whole = applied();
    }, 900_000);
    afterAll(() => suite.cleanUp());

    const rows = mutants.map((mutant): [name: string, HostMutant] => [nameOf(mutant), mutant]);
    test.each(rows)(
      '%s',
      async (name, mutant) => {
        for (const { title, row } of mutant.killedBy) {
          const test = suite.select(title, row);
          await test.prepare();
          try {
            const before = applied();
            const outcome = async (mutant?: HostMutant) => {
              await put(before, mutant);
              await forget();
              return test.failure();
            };
            const killed = await outcome(mutant);
            tell(name, title, killed);
            expect({ killedBy: killed === undefined ? 'no test' : title }).toEqual({ killedBy: title });
            expect({ withoutIt: await outcome() }).toEqual({ withoutIt: undefined });
          } finally {
            await test.cleanUp();
            await put(whole);
          }
        }
      },
      900_000,
    );
  });
}

/** Machines, and the state that each was given. */
type Applied = readonly (readonly [TestMachine, DesiredState])[];

function applied(): Applied {
  return [...bootedMachines].flatMap((machine) => (machine.wanted ? [[machine, machine.wanted] as const] : []));
}

/** Gives the machines their states, with a mutant in them or without one. */
async function put(states: Applied, mutant?: HostMutant): Promise<void> {
  for (const [machine, state] of states) {
    machine.alteration = (state) => (mutant ? altered(state, mutant) : state);
    await machine.apply(state);
  }
}

async function forget(): Promise<void> {
  for (const machine of bootedMachines) await machine.inside(FORGET);
  for (const sink of SmtpSink.opened) sink.mails.length = 0;
}
