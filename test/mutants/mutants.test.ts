import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, Testing } from 'cdktf';
import type { DesiredState } from '../../lib/host/desired-state';
import { capacityOf } from '../../lib/role/capacity';
import { renderRole } from '../../lib/role/render';
import { roleSettings } from '../../lib/role/settings';
import { ExampleStack } from '../../stacks/example';
import { settingsFromEnvironment } from '../../stacks/settings';
import { setups } from '../role/setups';
import { fixedPublicKey } from '../support/keys';
import { type Entry, incidents, requirements } from '../support/requirements-document';
import { altered, nameOf } from './mutant';
import { mutantsOfChecks } from './table/of-checks';
import { mutantsOfRequirements } from './table/of-requirements';
import { mutantsOfSources } from './table/of-sources';
import { mutantsOfStacks } from './table/of-stacks';
import { mutantsOfTheRole } from './table/of-the-role';

const root = resolve(__dirname, '../..');
const ofHosts = [...mutantsOfRequirements, ...mutantsOfChecks, ...mutantsOfTheRole];
const mutants = [...ofHosts, ...mutantsOfSources, ...mutantsOfStacks];
const states: readonly DesiredState[] = Object.values(setups).map(({ settings, cores, memoryMiB }) =>
  renderRole(roleSettings.parse(settings), capacityOf(cores, memoryMiB, settings.antivirus ?? false)),
);
const shown = incidents.filter(({ statement }) => !statement.includes('Not shown: '));

/** What a mutant means by `R14` or `2012/r007 One client`. */
const named = (words: string): Entry[] =>
  /^R\d+$/.test(words)
    ? requirements.filter(({ name }) => name === words)
    : incidents.filter(({ name, statement }) => `${name} ${statement} `.startsWith(`${words} `));

describe('the mutants of the product', () => {
  test('are one at least for each requirement and each incident', () => {
    const broken = new Set(mutants.flatMap(({ of }) => of.flatMap(named)));
    const whole = [...requirements, ...shown].filter((entry) => !broken.has(entry));
    expect(whole.map(({ name, statement }) => `${name} ${statement.split('\n')[0]}`)).toEqual([]);
  });

  test('have names of their own', () => {
    const names = mutants.map(nameOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(mutants.map((mutant) => [nameOf(mutant), mutant] as const))(
    '%s: names what it breaks, and tests that are listed there',
    (_name, { of, killedBy }) => {
      for (const words of of) {
        const entries = named(words);
        expect({ words, entries: entries.length }).toEqual({ words, entries: 1 });
        const listed = entries.flatMap(({ proofs }) => proofs.map(({ file, title }) => `${file}: ${title}`));
        const killers = killedBy.map(({ file, title }) => `${file}: ${title}`);
        expect({ words, unlisted: killers.filter((killer) => !listed.includes(killer)) }).toEqual({ words, unlisted: [] });
      }
    },
  );

  test.each(ofHosts.map((mutant) => [nameOf(mutant), mutant] as const))(
    '%s: changes a rendered host',
    (_name, { alterations }) => {
      const idle = alterations.filter((alteration) => {
        return states.every((state) => JSON.stringify(altered(state, { alterations: [alteration] })) === JSON.stringify(state));
      });
      expect(idle).toEqual([]);
    },
  );

  test.each(mutantsOfSources.map((mutant) => [nameOf(mutant), mutant] as const))(
    '%s: changes a source in one place',
    (_name, { source, from }) => {
      expect(readFileSync(join(root, source), 'utf8').split(from)).toHaveLength(2);
    },
  );

  test.each(mutantsOfStacks.map((mutant) => [nameOf(mutant), mutant] as const))('%s: changes the example', (_name, { from }) => {
    expect(example()).toContain(from);
  });
});

/** What the lab deploys. */
function example(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailserver-mutants-'));
  try {
    const publicKeyFile = join(folder, 'id.pub');
    writeFileSync(publicKeyFile, `${fixedPublicKey}\n`);
    const settings = settingsFromEnvironment({ MAILSERVER_LAB: 'lab', MAILSERVER_SSH_PUBLIC_KEY_FILE: publicKeyFile });
    return Testing.synth(new ExampleStack(new App({ outdir: folder }), 'mail', settings));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
