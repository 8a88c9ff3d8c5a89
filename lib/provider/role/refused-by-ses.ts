import type { Diagnostic } from '../framework/diagnostics';
import { isObject } from '../framework/values';

/** Endpoints of Amazon SES for SMTP. */
const SES = /^email-smtp(-fips)?\.[a-z0-9-]+\.amazonaws\.com$/i;

/**
 * Mail that would be lost at SES: it takes no mail without a sender, and none of a sender that is not verified, and refuses for good
 * (`501 Invalid MAIL FROM address provided`, `554 Message rejected: Email address is not verified`).
 */
export function refusedBySes({ relay }: Readonly<Record<string, unknown>>): Diagnostic[] {
  const relays = Array.isArray(relay) ? relay : [];
  return relays.flatMap((each, index) => {
    if (!isObject(each) || typeof each.host !== 'string' || !SES.test(each.host)) return [];
    if (each.senders !== undefined && each.senders !== null && (each.recipients ?? null) === null) return [];
    return [
      {
        severity: 'warning' as const,
        summary: `${each.host} refuses bounces and mail with senders of others, and gets both`,
        detail:
          'Amazon SES takes mail of verified senders only; a bounce has no sender, and mail that is sent on has that of somebody else: both would come back, or be lost. ' +
          'Give the entry senders, the domains that are verified at SES, and no recipients: other mail then leaves directly, or by another entry. SesRelay does that (docs/ses.md).',
        attribute: [{ attribute_name: 'relay' }, { element_key_int: index }],
      },
    ];
  });
}
