import * as z from 'zod/mini';
import { heloName } from '../../net/helo-name';
import { anyAddress } from '../../net/ip-address';
import { optional, required } from '../../settings/property';
import { text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';
import { computed, stringType } from '../framework/attributes';
import { attributesOf } from '../framework/zod-attributes';
import { awsSettings } from './settings';

export const reverseNameSettings = z.strictObject({
  allocationId: required(text(), 'Allocation id of the Elastic IP, `eipalloc-…`.'),
  address: required(text(anyAddress), 'The address itself, for people.'),
  name: required(
    text(heloName),
    'The reverse name (PTR), without final dot. Its A record has to lead to the address, for the whole world.',
  ),
  timeoutSeconds: optional(
    whole({ unit: 'seconds', min: 1, max: 86_400 }),
    'How long AWS may take to set or reset the name, in seconds. Default: 1800.',
  ),
  aws: optional(awsSettings, 'Where the address is at AWS, and as whom it is changed. Default: as the environment says.'),
});

export type ReverseNameSettings = z.infer<typeof reverseNameSettings>;

export const reverseNameSettingsAttributes = attributesOf(reverseNameSettings);

/** All attributes of `mailserver_reverse_name`. */
export const reverseNameAttributes = [...reverseNameSettingsAttributes, computed('id', stringType, 'The allocation id.')];
