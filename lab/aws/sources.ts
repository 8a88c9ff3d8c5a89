import account from './account.py';
import background from './background.py';
import conditions from './conditions.py';
import emulator from './emulator.py';
import publicDns from './public_dns.py';
import recorder from './recorder.py';
import rules from './rules/__init__.py';
import addresses from './rules/addresses.py';
import checks from './rules/checks.py';
import firewallRules from './rules/firewall_rules.py';
import iamUsers from './rules/iam_users.py';
import images from './rules/images.py';
import ipv6 from './rules/ipv6.py';
import launches from './rules/launches.py';
import nameServers from './rules/name_servers.py';
import partitions from './rules/partitions.py';
import quotas from './rules/quotas.py';
import reverseNames from './rules/reverse_names.py';
import route53Changes from './rules/route53_changes.py';
import route53Limits from './rules/route53_limits.py';
import route53Records from './rules/route53_records.py';
import sesIdentities from './rules/ses_identities.py';
import termination from './rules/termination.py';
import snapshot from './snapshot.py';

/** The emulator's files by their paths in its folder. */
export const sources: Readonly<Record<string, string>> = {
  'account.py': account,
  'background.py': background,
  'conditions.py': conditions,
  'emulator.py': emulator,
  'public_dns.py': publicDns,
  'recorder.py': recorder,
  'rules/__init__.py': rules,
  'rules/addresses.py': addresses,
  'rules/firewall_rules.py': firewallRules,
  'rules/iam_users.py': iamUsers,
  'rules/images.py': images,
  'rules/ipv6.py': ipv6,
  'rules/name_servers.py': nameServers,
  'rules/reverse_names.py': reverseNames,
  'rules/route53_changes.py': route53Changes,
  'rules/route53_records.py': route53Records,
  'rules/ses_identities.py': sesIdentities,
  'rules/termination.py': termination,
  'rules/checks.py': checks,
  'rules/launches.py': launches,
  'rules/partitions.py': partitions,
  'rules/quotas.py': quotas,
  'rules/route53_limits.py': route53Limits,
  'snapshot.py': snapshot,
};
