/** The rows of the chain in a plan, one change a line. */
export function chainIn(text: string): string[] {
  const [, rows = ''] = /mail_dns_chain\s+= \{\n([\s\S]*?)\n {4}\}/.exec(text) ?? [];
  return rows
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[-+~] /.test(line))
    .map((line) =>
      line
        .replace(/ = \{$/, '')
        .replace(/"(\d\. [^"]*?)"\s*$/, '$1')
        .replace(/\s+= /, ' = ')
        .trim(),
    );
}
