import { quoted } from '../requirements/mail-host';
import { expectWithin } from '../support/pace';
import { message } from '../support/smtp-session';
import { type AttackedHost, NO_HARM } from './support/attacked-host';

/** Patterns that a matcher which tries everything would never be done with, and an address for each that does not match. */
const ENDLESS: readonly (readonly [pattern: string, address: string])[] = [
  ['/^(a+)+$/', `${'a'.repeat(60)}-x@example.test`],
  ['/^(a|aa|a?)+$/', `${'a'.repeat(60)}-x@example.test`],
  ['/^((a*)*)*b@/', `${'a'.repeat(60)}@example.test`],
  ['/(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)z$/', `${'ab'.repeat(30)}@example.test`],
  ['/^(?:(?:x+)(?=(x+)))*y/', `${'x'.repeat(60)}@example.test`],
  ['/^(a(?1)?a)+b$/', `${'a'.repeat(60)}-x@example.test`],
];

/** A pattern of a service user is tried on every address that passes the host. */
export function patterns(host: AttackedHost): void {
  test('patterns that take for ever keep no mail of others', async () => {
    const harm = await host.harmOf('webapp', async () => {
      const lines = ENDLESS.map(([pattern]) => `${pattern} other@example.test`).join('\n');
      await host.asUser(`echo ${quoted(lines)} >>/etc/mail/canonical.pcre`);
      const start = performance.now();
      const said = await host.reload();
      const replies = [];
      for (const to of [...ENDLESS.map(([, address]) => address), 'private@other.test']) {
        replies.push(await host.send(25, { to, data: message('patterns') }));
      }
      expect(replies.at(-1)).toMatchObject({ code: 250 });
      await expectWithin(120_000, performance.now() - start);
      return [said, replies];
    });
    expect(harm).toEqual(NO_HARM);
  });
}
