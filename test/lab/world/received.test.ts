import { readReceived, readRefusals } from '../../../lab/world/received';

const mail = `Return-Path: <app@example.com>
X-Original-To: out@receiver.test
Delivered-To: out@receiver.test
Received: from mail.example.com (mail.example.com [198.51.100.25])
\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
\tby mx.receiver.test (Postfix) with ESMTPS id 4F
\tfor <out@receiver.test>; Sun, 22 Nov 2026 18:00:00 +0000 (UTC)
Received: from forged.example (forged.example [203.0.113.9]) by nobody
Subject: outgoing 1

Received: from text (text [10.0.0.1])
`;

describe('a mail at the receiving server', () => {
  it('says who brought it', () => {
    expect(readReceived(mail)).toMatchObject({
      from: 'app@example.com',
      to: 'out@receiver.test',
      subject: 'outgoing 1',
      helo: 'mail.example.com',
      clientName: 'mail.example.com',
      clientAddress: '198.51.100.25',
      protocol: 'ESMTPS',
    });
  });

  it('says so when the name of the client could not be verified', () => {
    const unknown = mail.replace('(mail.example.com [198', '(unknown [198');
    expect(readReceived(unknown).clientName).toBe('unknown');
  });

  it('reads IPv6 clients', () => {
    const v6 = mail.replace('[198.51.100.25]', '[IPv6:2001:db8::25]');
    expect(readReceived(v6).clientAddress).toBe('2001:db8::25');
  });

  it('says what was found about SPF', () => {
    expect(readReceived(mail).spf).toBe('');
    const judged = mail.replace(
      'Received: from mail',
      'Received-SPF: Pass (mailfrom) identity=mailfrom;\n\tclient-ip=198.51.100.25\nReceived: from mail',
    );
    expect(readReceived(judged)).toMatchObject({ spf: 'Pass', helo: 'mail.example.com' });
  });

  it('refuses a text that no mail server has received', () => {
    expect(() => readReceived('Subject: x\n\nReceived: from a (a [10.0.0.1])\n')).toThrow(/no Received header/);
  });
});

describe('the log of the receiving server', () => {
  it('tells which mails were refused, and why', () => {
    const log = `connect from unknown[198.51.100.62]
NOQUEUE: reject: RCPT from unknown[198.51.100.62]: 550 5.7.1 Client host rejected: cannot find your reverse hostname, [198.51.100.62]; from=<alice@sender.test> to=<bob@strict.test> proto=ESMTP helo=<noptr.sender.test>
disconnect from unknown[198.51.100.62] ehlo=2 starttls=1`;
    expect(readRefusals(log)).toEqual([
      {
        clientName: 'unknown',
        clientAddress: '198.51.100.62',
        helo: 'noptr.sender.test',
        from: 'alice@sender.test',
        to: 'bob@strict.test',
        code: 550,
        text: 'Client host rejected: cannot find your reverse hostname, [198.51.100.62]',
      },
    ]);
  });
});
