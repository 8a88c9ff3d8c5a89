import type { Problem } from '../../settings/vocabulary';
import table from '../remote/postfix-rules/postfix-parameters.json';

/** What the table says of a parameter: its rule; of those that are the stack's alone why, and the property that sets it. */
export interface ParameterClass {
  readonly name: string;
  readonly rule: string;
  readonly why?: string;
  /** The property of the stack that sets it; `-` for what is part of the role. */
  readonly property?: string;
}

/** Every parameter of main.cf that the Postfix of Debian 13 knows; a name that begins with * is an ending of those of transports. */
export function parameterClasses(): ParameterClass[] {
  return Object.entries(table).map(([name, rule]) => {
    if (!rule.startsWith('stack ')) return { name, rule };
    const [, why, property] = rule.split(' ');
    return { name, rule: 'stack', ...(why && { why }), ...(property && { property }) };
  });
}

/** A parameter that service users cannot set unless it is named here. */
export const serviceUserParameter: Problem = (value) => {
  const classes = parameterClasses();
  const found = classes.find(({ name }) => name === value);
  if (found?.why === 'root') return `'${value}' decides what runs as root or what root opens: nobody but root can set it`;
  if (found?.property === '-') return `'${value}' is part of the role: nobody else sets it`;
  if (found?.property) return `'${value}' is the property ${found.property} of the stack: set it there`;
  if (found?.rule === 'stack') return undefined;
  const ofTransports = classes.some(({ name }) => name.startsWith('*') && value.endsWith(name.slice(1)));
  if (found || ofTransports) return `'${value}' can be set by service users as it is: leave it out`;
  return `'${value}' is not a parameter of Postfix: expected the name of one that service users cannot set, e.g. relayhost`;
};
