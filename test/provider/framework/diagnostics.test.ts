import { wireDiagnostics } from '../../../lib/provider/framework/diagnostics';

describe('what Terraform shows of an error', () => {
  test('has nothing in it that a terminal acts on, and keeps its lines', () => {
    const [diagnostic] = wireDiagnostics([
      { severity: 'error', summary: 'a\x1b[2J\nb', detail: 'last lines of the host:\n  \x1b]0;owned\x07\n  \u202etxt.exe' },
    ]);
    expect(diagnostic).toMatchObject({
      summary: 'a\\u{1b}[2J\\u{a}b',
      detail: 'last lines of the host:\n  \\u{1b}]0;owned\\u{7}\n  \\u{202e}txt.exe',
    });
  });

  test('has an end', () => {
    const [diagnostic] = wireDiagnostics([{ severity: 'warning', summary: 'x'.repeat(1e6), detail: 'y\n'.repeat(1e6) }]);
    expect(diagnostic?.summary.length).toBeLessThan(1100);
    expect(diagnostic?.detail).toMatch(/… \(1980000 more characters\)$/);
  });
});
