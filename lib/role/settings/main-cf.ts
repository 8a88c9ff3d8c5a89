import type { Problem } from './checked';
import { oneLine } from './checked';

/** Parameters that have a property of their own, or whose place is another one, with the way to set them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  myhostname: 'set heloName',
  smtp_bind_address: 'set bindIpv4: in main.cf the way to the filter would inherit it',
  smtp_bind_address6: 'set bindIpv6: in main.cf the way to the filter would inherit it',
  proxy_interfaces: 'set proxyAddresses',
  message_size_limit: 'set messageSizeLimit: filter and scanner have the same limit',
  smtpd_tls_chain_files: 'set smtpdTlsChainFiles',
  smtpd_tls_cert_file: 'set smtpdTlsChainFiles',
  smtpd_tls_key_file: 'set smtpdTlsChainFiles',
  content_filter: 'the filters are part of the role',
  smtpd_proxy_filter: 'the filters are part of the role',
  config_directory: 'it is where Postfix finds main.cf',
};

/** The name of a parameter of main.cf. */
export const parameterName: Problem = (value) => {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(value)) {
    return `'${value}' is no parameter of main.cf: a name has letters, digits, - and _, e.g. smtpd_banner`;
  }
  const elsewhere = ELSEWHERE[value];
  return elsewhere === undefined ? undefined : `'${value}' is not set here: ${elsewhere}`;
};

/** The value of a parameter of main.cf. */
export const parameterValue: Problem = (value) => {
  if (/\n[^ \t]/.test(value) || /[\r\0]/.test(value)) {
    return `${JSON.stringify(value)} has a line break: a value is one line, use commas between its parts`;
  }
  return undefined;
};

/** A line of pcre_table(5). */
export const pcreLine: Problem = (value) => {
  const broken = oneLine(value);
  if (broken !== undefined) return broken;
  if (/^\s*(#.*)?$/.test(value) || /^(if|endif)\b/.test(value)) return undefined;
  const pattern = /^!?(\W)((?:\\.|(?!\1).)*)\1([imsxADEGJUX]*)\s+(\S.*)$/.exec(value);
  if (!pattern) return `'${value}' is no line of pcre_table(5): expected /pattern/flags, white space and the result`;
  try {
    new RegExp((pattern[2] ?? '').replace(/\(\?[imsx]+\)/g, ''));
  } catch (error) {
    // PCRE knows more than JavaScript; what both call unbalanced is a mistake for certain.
    if (/Unterminated|Unmatched/.test(String(error))) {
      return `'${value}' has a pattern that is not balanced: ${String(error).replace(/^.*: /, '')}`;
    }
  }
  return undefined;
};
