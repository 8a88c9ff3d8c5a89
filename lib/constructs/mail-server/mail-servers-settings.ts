import * as z from 'zod/mini';
import { group } from '../../settings/group';
import { optional } from '../../settings/property';
import { list, oneOf, text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';
import { described } from '../../settings/wrong-type';
import { mailHost } from '../synth/parts';

const preference = whole({ unit: '', min: 0, max: 65_535 });

/** What {@link MailServersProps} may hold next to the properties of a mail server. */
export const mailServersSettings = group({
  hosts: z.record(
    z.string(),
    group({
      host: mailHost,
      mxPreference: optional(
        z.union([z.literal(false), preference], {
          error: ({ input }) => `expected a number from 0 to 65535, or false, got ${described(input)}`,
        }),
      ),
      bindIpv6: optional(text()),
      dkimSelectors: optional(list(text())),
    }),
    { error: ({ input }) => `expected hosts by HELO name, e.g. { 'mx1.example.com': { host } }, got ${described(input)}` },
  ),
  rollout: optional(oneOf(['rolling', 'together'])),
});
