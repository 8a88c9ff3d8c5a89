import fc from 'fast-check';
import { checkDmarc } from '../../../lib/verify/checks/dmarc';
import { dmarcQuestions } from '../../../lib/verify/dmarc/questions';
import { parseDmarc } from '../../../lib/verify/dmarc/record';
import { policyName, walk } from '../../../lib/verify/dmarc/tree-walk';
import type { Observation } from '../../../lib/verify/dns';
import { Known } from '../../../lib/verify/picture';
import { target } from '../target';
import { anyText, domainName, INHERITED, madeOf, mutated } from '../texts';

const tag = fc.oneof(
  fc.constantFrom(
    'p=reject',
    'sp=none',
    'pct=5',
    'pct=-1',
    'pct=1e9',
    'rua=mailto:a@b.test',
    'rua=mailto:x@y.test!10m,https://z.test',
    'v=DMARC1',
    ';',
    '=',
  ),
  fc.constantFrom(...INHERITED).map((text) => `${text}=1`),
  anyText(12),
);
const text = fc.oneof(
  madeOf(tag.map((each) => `${each};`)).map((each) => `v=DMARC1; ${each}`),
  mutated(fc.constant('v=DMARC1; p=quarantine; sp=reject; pct=50; rua=mailto:dmarc@example.net!10m; aspf=s; adkim=r')),
);

export const dmarc = target({
  name: 'dmarc',
  input: fc.record({ domain: fc.oneof(domainName, madeOf(fc.constant('a.'))), texts: fc.array(text, { maxLength: 3 }) }),
  check({ domain, texts }) {
    const view = { source: 'authoritative', server: '198.51.100.53', authoritative: true, milliseconds: 1, outcome: 'answer' };
    const names = walk(domain.slice(0, 253)).map(policyName);
    const known = new Known(
      names.slice(-2).map((name) => ({ name, type: 'TXT', views: [{ ...view, values: texts }] }) as unknown as Observation),
    );
    const findings = checkDmarc(domain.slice(0, 253), known);
    if (findings.length === 0) throw new Error('no finding at all');
    for (const { state } of findings)
      if (!['ok', 'note', 'warning', 'critical', 'unknown'].includes(state)) throw new Error(`state ${state}`);
    if (dmarcQuestions(domain.slice(0, 253), known).length > 200) throw new Error('too many questions');
    for (const each of texts)
      for (const [name, value] of parseDmarc(each).tags)
        if (typeof name !== 'string' || typeof value !== 'string') throw new Error('no text');
  },
});
