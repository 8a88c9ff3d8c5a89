/** The part of a plan that a test speaks about: from the first line with `from`, as long as it is indented deeper or the same. */
export function planLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => /^\s*[-+~]/.test(line) || /^(Plan|No changes|Error|Warning)/.test(line.replace(/^[│╷╵ ]+/, '')));
}
