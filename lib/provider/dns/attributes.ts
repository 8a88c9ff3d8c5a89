import { type Attribute, computed, stringType } from '../framework/attributes';
import { attributesOf } from '../framework/zod-attributes';
import { agreementSettings, delegationSettings, dnsSettings, resolverSettings } from './settings';

export const resolverAttributes = attributesOf(resolverSettings);
export const dnsSettingsAttributes = attributesOf(dnsSettings);
export const agreementSettingsAttributes = attributesOf(agreementSettings);

export const delegationSettingsAttributes = attributesOf(delegationSettings);

const verdict: readonly Attribute[] = [
  computed('expected', stringType, 'What the stack wants.'),
  computed('live', stringType, 'What the world sees, and which servers say so where they differ.'),
  computed('verdict', stringType, '`agrees`, `missing`, `differs`, `not wanted`, `servers disagree` or `no answer`.'),
];

/** All attributes of the data source `mailserver_dns`. */
export const dnsAttributes: readonly Attribute[] = [
  ...dnsSettingsAttributes,
  computed(
    'rows',
    { kind: 'map', element: { kind: 'object', attributes: verdict } },
    'One row for each record: `A NAME`, `AAAA NAME`, `PTR IPv4`, `PTR IPv6`, and those of `records`.',
  ),
  computed('agreed', { kind: 'bool' }, 'Whether every row agrees.'),
  computed(
    'problems',
    { kind: 'list', element: stringType },
    'What stands against it, one line for each server that says otherwise.',
  ),
];

/** All attributes of `mailserver_dns_agreement`. */
export const agreementAttributes: readonly Attribute[] = [
  ...agreementSettingsAttributes,
  computed('id', stringType, 'The HELO name, or the first of the records; unknown until there is agreement.'),
];

/** All attributes of `mailserver_delegation`. */
export const delegationAttributes: readonly Attribute[] = [
  ...delegationSettingsAttributes,
  computed('id', stringType, 'The first of the zones; unknown until they are delegated.'),
];
