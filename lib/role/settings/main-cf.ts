import { externalNetwork } from '../../net/ip-address';
import type { Problem } from '../../settings/vocabulary';
import { isRestrictionList, restrictionListProblem } from './restriction-list';
import { nextHopsProblem } from './transport-map';

/** Parameters that have a property of their own, or whose place is another one, with the way to set them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  myhostname: 'set heloName',
  smtp_bind_address: 'set bindIpv4',
  smtp_bind_address6: 'set bindIpv6',
  proxy_interfaces: 'set proxyAddresses',
  message_size_limit: 'set messageSizeLimit: filter and scanner have the same limit',
  smtpd_tls_chain_files: 'set smtpdTlsChainFiles',
  smtpd_tls_cert_file: 'set smtpdTlsChainFiles',
  smtpd_tls_key_file: 'set smtpdTlsChainFiles',
  content_filter: 'the filters are part of the role',
  smtpd_proxy_filter: 'the filters are part of the role',
  receive_override_options: 'it is part of the way through the filters',
  smtpd_sasl_auth_enable: 'ports 587 and 465 always offer a login, and no other port does',
  config_directory: 'it is where Postfix finds main.cf',
};

/** Booleans of Postfix are yes and no; what other programs write makes its daemons end. */
const NO_BOOLEAN = /^(true|false|on|off)$/i;

/** The name of a parameter of main.cf. */
export const parameterName: Problem = (value) => {
  if (!/^(2bounce_notice_recipient|[A-Za-z][A-Za-z0-9_-]*)$/.test(value)) {
    return `'${value}' is not a parameter of main.cf: a name has letters, digits, - and _, e.g. smtpd_banner`;
  }
  const elsewhere = ELSEWHERE[value];
  return elsewhere === undefined ? undefined : `'${value}' is not set here: ${elsewhere}`;
};

/** The value of a parameter of main.cf. */
export const parameterValue: Problem = (value) => {
  if (/\n[^ \t]/.test(value) || /[\r\0]/.test(value)) {
    return `${JSON.stringify(value)} has a line break: a value is one line, use commas between its parts`;
  }
  if (/^\S*\s+#/.test(value)) return `'${value}' has a comment in it, which Postfix takes for a part of the value: leave it out`;
  if (NO_BOOLEAN.test(value)) return `'${value}' is not a value of Postfix: write yes or no`;
  return undefined;
};

/** What is wrong with the value of a parameter whose form is known; `classes` are the restriction classes, absent when one is unknown. */
export function valueProblem(name: string, value: string, classes?: ReadonlySet<string>): string | undefined {
  if (classes && isRestrictionList(name, classes)) return restrictionListProblem(value, classes);
  if (name === 'relayhost') return relayhostProblem(value);
  if (name === 'mynetworks') return mynetworksProblem(value);
  return undefined;
}

function relayhostProblem(value: string): string | undefined {
  if (/^[a-z0-9-]+:\[/.test(value))
    return `'${value}' has a transport in it: relayhost is the next hop alone, e.g. [smtp.example.com]:587`;
  const problem = nextHopsProblem(value, '', value);
  return problem?.replaceAll('smtp:[', '[');
}

function mynetworksProblem(value: string): string | undefined {
  for (const word of value.split(/[\s,]+/)) {
    const network = word.replace(/^!/, '');
    if (/^[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*(\/|$)/i.test(network)) {
      return `'${network}' is IPv6, which mynetworks has in brackets: write '${network.replace(/^([^/]*)/, '[$1]')}'`;
    }
    if (!/^(\d+\.|\[)/.test(network)) continue;
    const problem = externalNetwork(network);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
