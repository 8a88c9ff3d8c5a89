import * as z from 'zod';
import { distinct, list, oneOf, text } from '../role/settings/checked';
import { targetHost } from '../role/settings/domain-name';
import { group } from '../settings/group';
import { whole } from '../settings/whole';
import { described } from '../settings/wrong-type';
import { mailDns, mailHost } from './parts';
import { waitSeconds } from './record-settings';

const publicDns = group({ timeoutSeconds: waitSeconds.optional() });

/** What {@link MailServerProps} may hold beside the settings of the role and the policies of the domains. */
export const mailServerSettings = group({
  host: mailHost,
  dns: mailDns,
  mxDomains: list(text()).optional(),
  mxPreference: whole({ unit: '', min: 0, max: 65_535 }).optional(),
  publicDns: z
    .union([z.literal(false), publicDns], {
      error: ({ input }) =>
        publicDns.safeParse(input).error?.issues[0]?.message ??
        `expected false or properties in braces, e.g. { timeoutSeconds: 600 }, got ${described(input)}`,
    })
    .optional(),
  outboundTargets: distinct(text(targetHost)).optional(),
  onDestroy: oneOf(['keep', 'stop', 'remove']).optional(),
});
