/**
 * Codes by which a list says that it does not want to answer, e.g. to a public resolver; 127.0.0.1 is one with SURBL and URIBL and no
 * listing with any (RFC 5782 2.1), 127.0.1.255 is one of dbl.spamhaus.org.
 */
const refusal = /^127\.(255\.255\.\d+|0\.0\.1|0\.1\.255)$/;

/** Whether the return code of a blocklist says that the list does not answer the one who asks. */
export const isRefusal = (code: string): boolean => refusal.test(code);

/** Whether the return code of a blocklist says that what was asked about is listed (RFC 5782 2.1). */
export const isListing = (code: string): boolean => code.startsWith('127.') && !isRefusal(code);
