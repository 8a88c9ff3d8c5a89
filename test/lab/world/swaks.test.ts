import { readTranscript } from '../../../lab/world/swaks';

const connected = `=== Trying 198.51.100.25:25...
=== Connected to 198.51.100.25.
<-  220 mail.example.com ESMTP Postfix
 -> EHLO mail.sender.test
<-  250-mail.example.com
<-  250-PIPELINING
<-  250 SMTPUTF8
`;
const envelope = ` -> MAIL FROM:<alice@sender.test>
<-  250 2.1.0 Ok
 -> RCPT TO:<app@example.com>
`;
const message = `<-  250 2.1.5 Ok
 -> DATA
<-  354 End data with <CR><LF>.<CR><LF>
 -> Subject: QUIT
 -> 
 -> RCPT TO:<this is text>
 -> .
`;

describe('a transcript of swaks', () => {
  it('shows an accepted mail', () => {
    const attempt = readTranscript(
      `${connected}${envelope}${message}<-  250 2.0.0 Ok: queued as 4F\n -> QUIT\n<-  221 2.0.0 Bye\n`,
    );
    expect(attempt).toMatchObject({ accepted: true, stage: 'message', code: 250, text: '2.0.0 Ok: queued as 4F' });
  });

  it('shows a greylisted recipient', () => {
    const attempt = readTranscript(`${connected}${envelope}<** 450 4.2.0 Greylisted\n -> QUIT\n<-  221 2.0.0 Bye\n`);
    expect(attempt).toMatchObject({ accepted: false, stage: 'RCPT', code: 450, text: '4.2.0 Greylisted' });
  });

  it('shows a refusal after the message', () => {
    const attempt = readTranscript(`${connected}${envelope}${message}<** 554 5.7.0 Reject, id=1 - spam\n -> QUIT\n<-  221 Bye\n`);
    expect(attempt).toMatchObject({ accepted: false, stage: 'message', code: 554 });
  });

  it('shows a refusal inside TLS', () => {
    const tls = ` -> STARTTLS
<-  220 2.0.0 Ready to start TLS
=== TLS started with cipher TLSv1.3
 ~> EHLO mail.sender.test
<~  250 mail.example.com
 ~> MAIL FROM:<app@example.com>
<~  250 2.1.0 Ok
 ~> RCPT TO:<out@receiver.test>
<~* 554 5.7.1 Access denied
 ~> QUIT
<~  221 2.0.0 Bye
`;
    expect(readTranscript(connected + tls)).toMatchObject({
      accepted: false,
      stage: 'RCPT',
      code: 554,
      text: '5.7.1 Access denied',
    });
  });

  it('joins the lines of one reply', () => {
    const attempt = readTranscript(`${connected}${envelope}<** 550-5.1.1 no such\n<** 550 5.1.1 user\n -> QUIT\n`);
    expect(attempt).toMatchObject({ code: 550, text: '5.1.1 no such 5.1.1 user' });
  });

  it('shows a server that cannot be reached', () => {
    const attempt = readTranscript(
      '=== Trying 198.51.100.25:25...\n*** Error connecting to 198.51.100.25:25:\n*** \tConnection refused\n',
    );
    expect(attempt).toMatchObject({ accepted: false, stage: 'connect', code: 0, text: '*** \tConnection refused' });
  });

  it('shows a connection that ends without a reply', () => {
    const attempt = readTranscript(`${connected}${envelope}*** Remote host closed connection unexpectedly.\n`);
    expect(attempt).toMatchObject({ accepted: false, stage: 'RCPT', code: 0 });
  });
});
