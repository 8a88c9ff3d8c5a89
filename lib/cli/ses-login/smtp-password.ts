import { createHmac } from 'node:crypto';

/** What SES signs with in place of a date, and the version of the way to do it (SES guide, "Obtaining SMTP credentials"). */
const STEPS = (region: string) => ['11111111', region, 'ses', 'aws4_request', 'SendRawEmail'];
const VERSION = 4;

/** The password for the SMTP endpoints of SES in a region. The secret key cannot be had back from it. */
export function smtpPassword(secretKey: string, region: string): string {
  const key = STEPS(region).reduce<Buffer>(
    (signed, step) => createHmac('sha256', signed).update(step).digest(),
    Buffer.from(`AWS4${secretKey}`),
  );
  return Buffer.concat([Buffer.from([VERSION]), key]).toString('base64');
}
