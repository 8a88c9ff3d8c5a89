import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One thing that was learned about AWS. */
export interface Fact {
  readonly step: string;
  /** A question, as a heading of the report's table. */
  readonly question: string;
  readonly answer: string;
  /** Whether it is what the documentation of this project says; absent where it says nothing. */
  readonly asExpected?: boolean;
}

/** Facts in the order in which they were learned. The file is written after each of them: a run that dies leaves what it knew. */
export class Report {
  private readonly facts: Fact[] = [];
  private outcome = 'under way';

  constructor(
    private readonly folder: string,
    private readonly about: Readonly<Record<string, string>>,
    private readonly say: (line: string) => void,
  ) {
    this.write();
  }

  get file(): string {
    return join(this.folder, 'report.md');
  }

  get isAsExpected(): boolean {
    return this.facts.every(({ asExpected }) => asExpected !== false);
  }

  add(fact: Fact): void {
    this.facts.push(fact);
    this.say(`   ${mark(fact)} ${fact.question}: ${fact.answer}`);
    this.write();
  }

  finish(outcome: string): void {
    this.outcome = outcome;
    this.write();
    replace(
      join(this.folder, 'report.json'),
      `${JSON.stringify({ about: this.about, outcome: this.outcome, facts: this.facts }, null, 2)}\n`,
    );
  }

  private write(): void {
    const steps = [...new Set(this.facts.map(({ step }) => step))];
    const table = (step: string) =>
      this.facts
        .filter((fact) => fact.step === step)
        .map((fact) => `| ${cell(fact.question)} | ${cell(fact.answer)} | ${mark(fact)} |`);
    const text = [
      '# A run on AWS',
      '',
      ...Object.entries({ ...this.about, outcome: this.outcome }).map(([name, value]) => `- ${name}: ${value}`),
      ...steps.flatMap((step) => [
        '',
        `## ${step}`,
        '',
        '| question | answer | as expected |',
        '| --- | --- | --- |',
        ...table(step),
      ]),
      '',
    ].join('\n');
    replace(this.file, text);
  }
}

function mark({ asExpected }: Fact): string {
  return asExpected === undefined ? '·' : asExpected ? '✔' : '✘';
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
