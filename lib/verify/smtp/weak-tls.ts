import type { SecureContextOptions } from 'node:tls';
import { type DialogueOptions, SmtpDialogue } from './dialogue';

/** What nobody may offer to people who log in: RFC 8996 (versions), RFC 9325 4.1 and 4.2 (ciphers). */
const offers: readonly SecureContextOptions[] = [
  { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
  { maxVersion: 'TLSv1.2', ciphers: 'aNULL:@SECLEVEL=0' },
  { maxVersion: 'TLSv1.2', ciphers: 'eNULL:RC4:3DES:MD5:!aNULL:@SECLEVEL=0' },
];

/**
 * TLS that a server takes although it protects no password: one connection for each offer, and nothing is said on it. Never rejects;
 * what cannot be found out is not told.
 *
 * @returns Protocol and cipher of each offer that was taken, e.g. `TLSv1.2 AECDH-AES256-SHA`.
 */
export async function weakTls(options: DialogueOptions, implicitTls: boolean): Promise<string[]> {
  const taken = await Promise.all(offers.map((tls) => accepted({ ...options, tls }, implicitTls).catch(() => undefined)));
  return taken.filter((each) => each !== undefined);
}

async function accepted(options: DialogueOptions, implicitTls: boolean): Promise<string | undefined> {
  const dialogue = await SmtpDialogue.open(options, implicitTls);
  try {
    if (!implicitTls) {
      await dialogue.reply();
      await dialogue.command('EHLO [127.0.0.1]');
      if ((await dialogue.command('STARTTLS')).code !== 220) return undefined;
      await dialogue.startTls();
    }
    const { tls } = dialogue;
    return tls && `${tls.getProtocol() ?? 'TLS'} ${tls.getCipher().name}`;
  } finally {
    dialogue.end();
  }
}
