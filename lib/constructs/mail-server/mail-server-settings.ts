import * as z from 'zod/mini';
import { targetHost } from '../../net/domain-name';
import { group } from '../../settings/group';
import { problemsOf } from '../../settings/problems';
import { optional } from '../../settings/property';
import { distinct, list, oneOf, text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';
import { described } from '../../settings/wrong-type';
import { waitSeconds } from '../dns/record-settings';
import { mailDns, mailHost } from '../synth/parts';

const publicDns = group({ timeoutSeconds: optional(waitSeconds) });

/** What {@link MailServerProps} may hold next to the settings of the role and the policies of the domains. */
export const mailServerSettings = group({
  host: mailHost,
  dns: mailDns,
  mxDomains: optional(list(text())),
  mxPreference: optional(whole({ unit: '', min: 0, max: 65_535 })),
  publicDns: optional(
    z.union([z.literal(false), publicDns], {
      error: ({ input }) =>
        problemsOf(publicDns, input)[0]?.message ??
        `expected false or properties in braces, e.g. { timeoutSeconds: 600 }, got ${described(input)}`,
    }),
  ),
  outboundTargets: optional(distinct(text(targetHost))),
  onDestroy: optional(oneOf(['keep', 'stop', 'remove'])),
});
