import { type Finding, type Group, groups, isBad, type State, type VerifyReport, worst, worstFirst } from '../../verify';
import { duration } from '../progress';
import { type Html, html, Html as Raw } from './html';
import { pageStyle } from './page-style';
import { marks, verdicts } from './text';

/** Good lines of a section that are shown; more of them fold. */
const manyLines = 24;

/** What an icon means, next to it: colours and signs alone tell nothing to many people. */
const words: Readonly<Record<State, string>> = {
  ok: 'well',
  note: 'note',
  warning: 'warning',
  critical: 'critical',
  unknown: 'unknown',
};

const countNames: Readonly<Record<State, string>> = {
  critical: 'critical',
  unknown: 'unknown',
  warning: 'to look at',
  note: 'worth knowing',
  ok: 'well',
};

/** The report as one page that needs nothing else: no script, no font, no picture. */
export function reportPage(report: VerifyReport): string {
  const { subject, state, findings, counts } = report;
  const seal = state === 'note' ? 'ok' : state;
  const bad = worstFirst(findings).filter((each) => isBad(each.state));
  const sections = (Object.keys(groups) as Group[]).map((group) =>
    section(
      group,
      findings.filter((each) => each.group === group),
      (finding) => anchorOf(bad, finding),
    ),
  );
  const order = Object.keys(countNames) as State[];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${subject.heloName}: ${verdicts[state]}</title>
<style>${new Raw(pageStyle)}</style>
</head>
<body>
<main>
<header class="${seal}">
<div class="seal" aria-hidden="true">${marks[seal]}</div>
<h1>${subject.heloName}</h1>
<p class="verdict"><strong>${verdicts[state]}</strong></p>
</header>
${chain(report)}
<ul class="counts">${order.filter((each) => counts[each] > 0).map((each) => html`<li class="${each}">${count(each, report, bad)}</li>`)}</ul>
${faults(bad)}${facts(report)}
${sections}
<footer>Looked at by <b>mailserver verify</b> on ${when(report.time)}, in ${duration(report.milliseconds)}.</footer>
</main>
</body>
</html>
`.text;
}

/** How many there are of a state; the number of bad ones leads to the first. */
function count(state: State, { counts }: VerifyReport, bad: readonly Finding[]): Html {
  const text = `${counts[state]} ${countNames[state]}`;
  const first = bad.find((each) => each.state === state);
  return first ? html`<a href="#${anchorOf(bad, first)}">${text}</a>` : html`${text}`;
}

const anchorOf = (bad: readonly Finding[], finding: Finding) => `fault-${bad.indexOf(finding) + 1}`;

/** Everything that is wrong, the worst first, with a way to each. */
function faults(bad: readonly Finding[]): Html | undefined {
  if (bad.length === 0) return undefined;
  return html`<nav class="faults" aria-label="What needs attention">
<ol>${bad.map(
    (finding) =>
      html`<li class="${finding.state}"><i aria-hidden="true">${marks[finding.state]}</i><em>${words[finding.state]}</em><a href="#${anchorOf(bad, finding)}">${finding.title}</a></li>
`,
  )}</ol>
</nav>
`;
}

const when = (time: string) => `${time.slice(0, 10)} at ${time.slice(11, 16)} UTC`;

function facts({ subject, time }: VerifyReport): Html {
  const { addresses, domains } = subject;
  const few = domains.length > 6 ? `${domains.slice(0, 5).join(', ')} and ${domains.length - 5} more` : domains.join(', ');
  const rows = [
    ['Addresses', addresses.join(', ')],
    [domains.length === 1 ? 'Mail domain' : 'Mail domains', few],
    ['Looked at', when(time)],
  ].filter(([, value]) => value);
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** The chain that everything hangs on: the name, its address, the way back, and the domains that point to it. */
function chain({ subject, findings }: VerifyReport): Html {
  const of = (...checks: string[]) => findings.filter(({ check }) => checks.includes(check));
  const links: (readonly [title: string, value: string, state: State])[] = [
    ['HELO name', subject.heloName, worst(of('helo-name', 'banner', 'helo-heard').map(({ state }) => state))],
    link('Address', of('a', 'aaaa'), (each) => each.filter(({ check, state }) => check === 'a' || isBad(state))),
    link('Reverse name', of('ptr', 'fcrdns'), (each) => each.filter(({ check }) => check === 'ptr')),
    domainLink(of('mx', 'mx-target')),
  ];
  return html`<ol class="chain">${links.map(
    ([title, value, state]) =>
      html`<li class="${state === 'note' ? 'ok' : state}"><b><i>${marks[state === 'note' ? 'ok' : state]}</i>${title}</b><span>${value}</span><em>${words[state]}</em></li>`,
  )}</ol>`;
}

function link(title: string, findings: readonly Finding[], told: (findings: readonly Finding[]) => readonly Finding[]) {
  const values = [...new Set(told(findings).map(({ found }) => found.replace(/\.$/, '')))];
  const text = values.length > 2 ? `${values.slice(0, 2).join(', ')} …` : values.join(', ');
  return [title, text || 'not known', worst(findings.map(({ state }) => state))] as const;
}

function domainLink(findings: readonly Finding[]) {
  const domains = [...new Set(findings.map(({ subject }) => subject))];
  const bad = new Set(findings.filter(({ state }) => isBad(state)).map(({ subject }) => subject));
  const [only] = domains;
  const all = domains.length === 1 && only ? only : `${domains.length} domains`;
  const text =
    domains.length === 0 ? 'no domain named' : bad.size === 0 || domains.length === 1 ? all : `${bad.size} of ${all} wrong`;
  return ['MX', text, worst(findings.map(({ state }) => state))] as const;
}

function section(group: Group, findings: readonly Finding[], anchor: (finding: Finding) => string): Html | undefined {
  if (findings.length === 0) return undefined;
  const fold = findings.length > manyLines;
  const first = fold ? findings.filter(({ state }) => isBad(state)) : findings;
  const rest = fold ? findings.filter(({ state }) => !isBad(state)) : [];
  const bad = findings.filter(({ state }) => isBad(state)).length;
  const count =
    bad === 0 ? `${findings.length} checked` : `${bad} of ${findings.length} ${bad === 1 ? 'needs' : 'need'} attention`;
  return html`<section>
<h2>${groups[group]} <small>${count}</small></h2>
<div class="card">
${first.map((each) => row(each, anchor(each)))}
${rest.length > 0 && html`<details><summary>${rest.length} more, all well</summary>${rest.map((each) => row(each, anchor(each)))}</details>`}
</div>
</section>
`;
}

function row(finding: Finding, anchor: string): Html {
  const { state, title, found, problem } = finding;
  const body = isBad(state)
    ? badBody(finding)
    : html`<span class="value">${found}</span>${problem !== undefined && html`<p class="hint">${problem}</p>`}`;
  const place = isBad(state) ? html` bad" id="${anchor}` : '';
  return html`<div class="row ${state}${place}"><i><span aria-hidden="true">${marks[state]}</span> ${words[state]}</i><b>${title}</b><div>${body}</div></div>
`;
}

function badBody({ found, expected, problem, fix }: Finding): Html {
  const lines = [...(fix?.records ?? []), ...(fix?.command ? [fix.command] : [])];
  return html`<p class="problem">${problem}</p>
<dl class="pair">
<dt>found</dt><dd class="value">${found}</dd>
<dt>expected</dt><dd class="value">${expected}</dd>
<dt>fix</dt><dd>${fix?.text}${lines.map((line) => html`<code>${line}</code>`)}</dd>
</dl>`;
}
