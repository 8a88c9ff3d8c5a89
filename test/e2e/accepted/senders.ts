import { setTimeout as pause } from 'node:timers/promises';
import type { MailHost } from '../requirements/mail-host';
import { message, type SmtpSession } from '../support/smtp-session';

/** A mail by its id, which is the local part of its recipient. */
export interface Sent {
  readonly id: string;
  /** Tries whose end nobody saw: the connection was lost, or a 4xx came, after the last dot. The mail may have been taken all the same. */
  unsure: number;
}

const WORKERS = 8;

/** Clients that send each mail again and again until it is taken, as mail servers and applications do. */
export class Senders {
  readonly accepted: Sent[] = [];
  /** Mails that were refused for good, with the reply. */
  readonly refused: string[] = [];
  private next = 0;

  /** @param random Decides which connections are lost behind the last dot. */
  constructor(
    private readonly host: MailHost,
    private readonly count: number,
    private readonly random: () => number,
  ) {}

  async run(): Promise<void> {
    const login = await this.host.login();
    await Promise.all(Array.from({ length: WORKERS }, () => this.work(login)));
  }

  private async work(login: { user: string; password: string }): Promise<void> {
    while (this.next < this.count) {
      const number = this.next++;
      // Every fifth is an application's, for somebody outside.
      const outgoing = number % 5 === 4;
      const mail: Sent = { id: `mail-${number}`, unsure: 0 };
      const losesConnection = this.random() < 0.02;
      for (let tries = 0; ; tries += 1) {
        const code = await this.attempt(mail, outgoing ? login : undefined, losesConnection && tries === 0);
        if (code >= 500) this.refused.push(`${mail.id}: ${code}`);
        else if (code >= 200 && code < 300) this.accepted.push(mail);
        if (code >= 500 || (code >= 200 && code < 300)) break;
        await pause(200);
      }
    }
  }

  /** One try: the code that decided it, 0 for a lost connection. */
  private async attempt(
    mail: Sent,
    login: { user: string; password: string } | undefined,
    losesConnection: boolean,
  ): Promise<number> {
    let session: SmtpSession | undefined;
    let dotSent = false;
    try {
      session = await this.host.dial(login ? 465 : 25, 'known');
      const lines = [
        undefined,
        'EHLO mail.sender.test',
        ...(login ? [`AUTH PLAIN ${Buffer.from(`\0${login.user}\0${login.password}`).toString('base64')}`] : []),
        `MAIL FROM:<${login ? 'app@example.test' : 'alice@sender.test'}>`,
        `RCPT TO:<${mail.id}@${login ? 'receiver.test' : 'example.test'}>`,
        'DATA',
      ];
      for (const line of lines) {
        const { code } = await (line === undefined ? session.reply() : session.say(line));
        if (code === 0 || code >= 400) return code;
      }
      dotSent = true;
      session.send(message(mail.id));
      if (losesConnection) {
        session.closeBehindText();
        mail.unsure += 1;
        return 0;
      }
      const { code } = await session.reply();
      if (code === 0 || (code >= 400 && code < 500)) mail.unsure += 1;
      return code;
    } catch {
      if (dotSent) mail.unsure += 1;
      return 0;
    } finally {
      session?.close();
    }
  }
}
