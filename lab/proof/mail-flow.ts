import { type Lab, waitFor } from '../system';
import { type Attempt, eicar, gtube, type Mail, receivedMails, receiver, refusedMails, sendMail, strictReceiver } from '../world';
import { type Check, check, checked } from './check';
import { installDeliver, setPassword, waitForDelivery } from './mailbox';
import type { Subject } from './subject';

/** What a server said, for people. */
export function said({ stage, code, text }: Attempt): string {
  return `${code || 'no reply'} at ${stage}: ${text}`;
}

const temporary = ({ code }: Attempt) => code >= 400 && code < 500;
const permanent = ({ code }: Attempt) => code >= 500;

/**
 * Everything that a mail can meet: greylisting and then delivery to `bin/deliver`, spam, viruses, relaying, submission with and
 * without a login, and what a receiving server sees.
 * @param run Sets this run's mails apart from those of earlier ones.
 */
export async function mailFlow(lab: Lab, subject: Subject, run = Date.now().toString(36)): Promise<Check[]> {
  const { address: server, domain, serviceUser } = subject;
  const to = `app-${run}@${domain}`;
  const mail: Mail = { server, to, mailFrom: `alice-${run}@sender.test`, subject: `ordinary ${run}` };
  await installDeliver(lab, subject);

  const first = await sendMail(lab, mail);
  const begin = performance.now();
  const meanwhile = Promise.all([relaying(lab, subject), submission(lab, subject, run)]);
  const incoming = checked('first mail is greylisted, then delivered', `4xx, then ${serviceUser}'s bin/deliver`, async () => {
    if (!temporary(first)) return check('first mail is greylisted', false, said(first), '4xx at RCPT');
    const greylisted = check('first mail is greylisted', first.stage === 'RCPT', said(first), '4xx at RCPT');
    const taken = await retry(lab, mail, (subject.greylistDelay + 60) * 1000);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    if (!taken.accepted) return [greylisted, check('accepted when it comes again', false, said(taken), '2xx')];
    await waitForDelivery(lab, subject, mail.subject ?? '', 60_000);
    return [
      greylisted,
      check(`delivered to bin/deliver of ${serviceUser}`, true, `accepted after ${seconds} s: ${taken.text}`, ''),
    ];
  });
  const incomingChecks = await incoming;
  // The same client, sender and recipient: no longer greylisted, so the filters have the word.
  const filtered = await filters(lab, subject, mail);
  return [...incomingChecks, ...filtered, ...(await meanwhile).flat()];
}

/** Tries again until the mail is taken, or refused for good. */
async function retry(lab: Lab, mail: Mail, deadline: number): Promise<Attempt> {
  let last: Attempt | undefined;
  try {
    return await waitFor(
      `"${mail.subject}" to be accepted`,
      async () => {
        last = await sendMail(lab, mail);
        return temporary(last) || last.code === 0 ? undefined : last;
      },
      { deadline, interval: 1000 },
    );
  } catch (error) {
    if (last) return last;
    throw error;
  }
}

async function filters(lab: Lab, subject: Subject, ordinary: Mail): Promise<Check[]> {
  const spam = await checked('spam (GTUBE) is refused', '554 in the dialogue', async () => {
    const attempt = await sendMail(lab, { ...ordinary, subject: 'spam', body: gtube });
    return check(
      'spam (GTUBE) is refused in the dialogue',
      attempt.code === 554 && attempt.stage === 'message',
      said(attempt),
      '554 at message',
    );
  });
  if (!subject.antivirus) return spam;
  const virus = await checked('virus (EICAR) is refused', '554 in the dialogue', async () => {
    const attempt = await sendMail(lab, { ...ordinary, subject: 'virus', attachment: { name: 'invoice.txt', content: eicar } });
    const ok = attempt.code === 554 && attempt.stage === 'message' && /INFECTED|virus/i.test(attempt.text);
    return check('virus (EICAR) is refused in the dialogue', ok, said(attempt), '554 at message, as infected');
  });
  return [...spam, ...virus];
}

function relaying(lab: Lab, subject: Subject): Promise<Check[]> {
  return checked('no relay for strangers', '5xx at RCPT', async () => {
    const attempt = await sendMail(lab, { server: subject.address, to: `somebody@${receiver.domain}` });
    const ok = attempt.stage === 'RCPT' && (permanent(attempt) || attempt.code === 454);
    return check('no relay for strangers', ok, said(attempt), '5xx or 454 at RCPT');
  });
}

async function submission(lab: Lab, subject: Subject, run: string): Promise<Check[]> {
  const { address: server, domain } = subject;
  const mail: Mail = {
    server,
    port: 587,
    tls: true,
    to: `out-${run}@${strictReceiver.domain}`,
    mailFrom: `app@${domain}`,
    subject: `outgoing ${run}`,
  };
  const strangers = await checked('587 refuses without a login', '5xx at MAIL or RCPT', async () => {
    const attempt = await sendMail(lab, mail);
    const ok = permanent(attempt) && (attempt.stage === 'MAIL' || attempt.stage === 'RCPT');
    return check('587 refuses without a login', ok, said(attempt), '5xx at MAIL or RCPT');
  });
  const plain = await checked('587 offers no login without TLS', 'no AUTH before STARTTLS', async () => {
    const attempt = await sendMail(lab, { ...mail, tls: false });
    const offered = /^<-\s+250[- ]AUTH/m.test(attempt.transcript);
    return check(
      '587 offers no login without TLS',
      !offered && !attempt.accepted,
      offered ? 'AUTH offered' : said(attempt),
      'no AUTH before STARTTLS',
    );
  });
  const login = await checked('587 takes mail with TLS and a login', '250', async () => {
    const attempt = await sendMail(lab, { ...mail, login: await setPassword(lab, subject) });
    const accepted = check('587 takes mail with TLS and a login', attempt.accepted, said(attempt), '250 at message');
    if (!attempt.accepted) return accepted;
    return [accepted, ...(await atTheReceiver(lab, mail.to, subject))];
  });
  return [...strangers, ...plain, ...login];
}

/** What a receiver with the rules of the big ones made of a mail: it takes none without PTR, HELO, SPF and TLS in order. */
async function atTheReceiver(lab: Lab, to: string, { heloName, address }: Subject): Promise<Check[]> {
  const name = 'the receiving server saw HELO = PTR = A';
  const { received, refused } = await waitFor(
    `the mail to ${to} at the receiving server`,
    async () => {
      const [received, refused] = await Promise.all([receivedMails(lab), refusedMails(lab)]);
      const found = { received: received.find((mail) => mail.to === to), refused: refused.find((mail) => mail.to === to) };
      return (found.received || found.refused) && found;
    },
    { deadline: 90_000, interval: 250 },
  );
  if (!received) return [check(name, false, `${refused?.code} ${refused?.text}`, `${heloName} and ${address}`)];
  const { helo, clientName, clientAddress, spf, protocol } = received;
  const same = helo === heloName && clientName === heloName && clientAddress === address;
  return [
    check(name, same, `HELO ${helo}, name ${clientName}, address ${clientAddress}`, `${heloName} and ${address}`),
    check(
      'it found SPF and TLS in order',
      spf === 'Pass' && protocol === 'ESMTPS',
      `SPF ${spf}, ${protocol}`,
      'SPF Pass, ESMTPS',
    ),
  ];
}
