import { format } from 'node:util';

type Step = () => unknown;
const hooks = ['beforeAll', 'afterAll', 'beforeEach', 'afterEach'] as const;

/** A file of tests, or a `describe` in it. */
class Group {
  readonly beforeAll: Step[] = [];
  readonly afterAll: Step[] = [];
  readonly beforeEach: Step[] = [];
  readonly afterEach: Step[] = [];

  constructor(readonly parent?: Group) {}

  /** From the outermost one in; the file itself is not among them. */
  get inner(): readonly Group[] {
    return this.parent === undefined ? [] : [...this.parent.inner, this];
  }
}

interface Case {
  /** As docs/requirements.md names it. */
  readonly title: string;
  /** With the values of its row. */
  readonly fullTitle: string;
  readonly group: Group;
  readonly body: Step;
}

/** The tests of a file, to be run one by one and as often as wanted: jest runs each of them once. */
export class CollectedSuite {
  private readonly file = new Group();
  private readonly cases: Case[] = [];

  /** @param load Defines the tests, as importing their file does. */
  static of(load: () => void): CollectedSuite {
    const suite = new CollectedSuite();
    const definers = suite.definers();
    const kept = Object.fromEntries(Object.keys(definers).map((name) => [name, Reflect.get(globalThis, name)]));
    Object.assign(globalThis, definers);
    try {
      load();
    } finally {
      Object.assign(globalThis, kept);
    }
    return suite;
  }

  prepare(): Promise<void> {
    return inTurn(this.file.beforeAll);
  }

  cleanUp(): Promise<void> {
    return inTurn(this.file.afterAll);
  }

  /** The tests with a title; of a table the rows with `row` in theirs. @throws when there is none. */
  select(title: string, row = ''): SelectedTest {
    const cases = this.cases.filter((each) => each.title === title && each.fullTitle.includes(row));
    const [first] = cases;
    if (!first) throw new Error(`no test "${title}"${row && ` with a row "${row}"`}`);
    return new SelectedTest(cases, [this.file, ...first.group.inner]);
  }

  private definers() {
    let current = this.file;
    const describe = (_title: string, define: () => void) => {
      const outer = current;
      current = new Group(outer);
      define();
      current = outer;
    };
    const test = (title: string, body: Step) => {
      this.cases.push({ title, fullTitle: title, group: current, body });
    };
    const each = (rows: readonly unknown[]) => (title: string, body: (...values: unknown[]) => unknown) => {
      for (const row of rows) {
        const values = Array.isArray(row) ? row : [row];
        const used = (title.match(/%[a-z]/g) ?? []).length;
        const fullTitle = format(title, ...values.slice(0, used));
        const listed = title.startsWith('%s') ? fullTitle : title;
        this.cases.push({ title: listed, fullTitle, group: current, body: () => body(...values) });
      }
    };
    const definers = Object.fromEntries(hooks.map((name) => [name, (step: Step) => current[name].push(step)]));
    const tests = Object.assign(test, { each });
    return { ...definers, describe, test: tests, it: tests };
  }
}

/** Some tests of one group, with what has to happen before and after them. */
export class SelectedTest {
  constructor(
    private readonly cases: readonly Case[],
    private readonly groups: readonly Group[],
  ) {}

  /** What its `describe` does before all of its tests; the file's is done already. */
  prepare(): Promise<void> {
    return inTurn(this.groups.slice(1).flatMap((group) => group.beforeAll));
  }

  cleanUp(): Promise<void> {
    return inTurn(this.groups.slice(1).flatMap((group) => group.afterAll));
  }

  /** What the first one that fails says; undefined when all of them pass. */
  async failure(): Promise<string | undefined> {
    for (const each of this.cases) {
      try {
        await inTurn(this.groups.flatMap((group) => group.beforeEach));
        try {
          await within(each.fullTitle, each.body);
        } finally {
          await inTurn(this.groups.flatMap((group) => group.afterEach));
        }
      } catch (error) {
        return `${each.fullTitle}: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
    return undefined;
  }
}

const DEADLINE_SECONDS = 240;

/** What takes too long has failed; it goes on all the same, so its end is waited for before anything else is done to the host. */
async function within(title: string, body: Step): Promise<void> {
  const begin = performance.now();
  await body();
  const seconds = (performance.now() - begin) / 1000;
  if (seconds > DEADLINE_SECONDS) throw new Error(`${title} took ${seconds.toFixed(0)} s, and may take ${DEADLINE_SECONDS}`);
}

async function inTurn(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step();
}
