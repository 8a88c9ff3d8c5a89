import * as z from 'zod/mini';
import { anyAddress } from '../../net/ip-address';
import { optional, required } from '../../settings/property';
import { text } from '../../settings/vocabulary';
import { computed, stringType } from '../framework/attributes';
import { attributesOf } from '../framework/zod-attributes';
import { awsSettings } from './settings';

export const addressSettings = z.strictObject({
  address: required(text(anyAddress), 'The address that mail is to be sent from.'),
  allocationId: optional(
    text(),
    'Allocation id of an Elastic IP that this stack has made, `eipalloc-…`: it is released when this resource is destroyed. Default: the address is not released.',
  ),
  remedy: optional(text(), 'How to get another address, where a blocklist has this one. Default: none.'),
  aws: optional(awsSettings, 'Where the address is at AWS, and as whom it is changed. Default: as the environment says.'),
});

export type AddressSettings = z.infer<typeof addressSettings>;

export const addressSettingsAttributes = attributesOf(addressSettings);

/** All attributes of `mailserver_address`. */
export const addressAttributes = [...addressSettingsAttributes, computed('id', stringType, 'The address.')];
