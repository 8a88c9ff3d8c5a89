/** The rules of RFC 7208 12 for what stands in the terms of a record. */

/** Letters of macros; `c`, `r` and `t` have a meaning in explanations only (RFC 7208 7.2). */
const inNames = 'slodiphv';
const inExplanations = `${inNames}crt`;

const expansion = (letters: string) => `%(?:[%_-]|\\{[${letters}](?:[1-9]\\d*)?r?[.\\-+,/_=]*\\})`;

/** Visible characters but the one that begins a macro. */
const literal = '[\\x21-\\x24\\x26-\\x7e]';

const macroString = new RegExp(`^(?:${expansion(inNames)}|${literal})*$`, 'i');
const explanation = new RegExp(`^(?:${expansion(inExplanations)}|${literal}| )*$`, 'i');
const endsWithMacro = new RegExp(`${expansion(inNames)}$`, 'i');
/** At least two labels, of which the last holds a letter or a hyphen in its middle. */
const endsWithTopLabel = /\.(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?$/i;

/** Characters that a domain may have before its macros are filled in; what they give is a name of 253 at most. */
const maxDomainSpec = 1000;

/** `domain-spec`: a name, or a text whose macros make one. */
export function isDomainSpec(text: string): boolean {
  return text.length <= maxDomainSpec && macroString.test(text) && (endsWithMacro.test(text) || endsWithTopLabel.test(text));
}

/** `macro-string`, the value of a modifier that nobody knows. */
export const isMacroString = (text: string): boolean => macroString.test(text);

/** `explain-string`: what a receiver may tell the sender. */
export const isExplanation = (text: string): boolean => explanation.test(text);

/** Whether a name can be looked up at all: labels of 1 to 63 characters, at least two of them (RFC 7208 4.3). */
export function isLookUpName(name: string): boolean {
  const labels = name.replace(/\.$/, '').split('.');
  return labels.length > 1 && labels.every((label) => label.length > 0 && label.length <= 63);
}
