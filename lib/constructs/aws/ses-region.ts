import { regionProblem } from './partition';

/** Where SES keeps the keys of Easy DKIM. */
const COMMON_KEYS = 'dkim.amazonses.com';

/** Regions with a zone of their own for them (AWS General Reference, "Amazon SES endpoints and quotas", DKIM domains; November 2026). */
const OWN_KEYS: readonly string[] = [
  'af-south-1',
  'ap-northeast-3',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-5',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'il-central-1',
  'me-central-1',
];

/** The zone that holds the public keys of Easy DKIM in a region, without final dot. */
export const signingZoneOf = (region: string): string =>
  OWN_KEYS.includes(region) ? `dkim.${region}.amazonses.com` : COMMON_KEYS;

/** Where SES takes mail. */
export const smtpHostOf = (region: string): string => `email-smtp.${region}.amazonaws.com`;

/** Where the bounces of a custom MAIL FROM domain go. */
export const feedbackHostOf = (region: string): string => `feedback-smtp.${region}.amazonses.com`;

/** What is wrong with the name of a region. */
export function sesRegionProblem(region: string): string | undefined {
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) return `'${region}' is not a region: expected a name such as eu-central-1`;
  return regionProblem(region) === undefined
    ? undefined
    : `'${region}' is in another partition, whose SES has other names: write the relay entry yourself (docs/relay.md)`;
}
