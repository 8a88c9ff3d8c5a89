import type { MailHost } from '../requirements/mail-host';

const PORTS = [25, 587, 465] as const;

/** Options of `openssl s_client` that reach TLS on a port. */
const connection = (port: number) => `-connect 127.0.0.1:${port}${port === 465 ? '' : ' -starttls smtp'}`;

/** TLS as somebody scans it: every protocol and every cipher that the OpenSSL of Debian still knows, one after the other. */
export function tls(host: MailHost): void {
  /** Ciphers of TLS 1.2 that a port takes when they are the only one that is offered. */
  const taken = async (port: number): Promise<string[]> => {
    const script = `try() { timeout 10 openssl s_client ${connection(port)} -tls1_2 -cipher "$1:@SECLEVEL=0" </dev/null 2>/dev/null |
        grep -qE "^ *Cipher *: *$1$" && echo "$1"; true; }
      export -f try
      openssl ciphers -s -tls1_2 'ALL:COMPLEMENTOFALL:@SECLEVEL=0' | tr : '\\n' | grep -v ^TLS_ | xargs -P 4 -I{} bash -c 'try {}'`;
    return (await host.inside(script)).split('\n').filter(Boolean);
  };

  test.each(PORTS)('port %s takes no cipher without proof of who answers, nor a broken one', async (port) => {
    const all = (await host.inside("openssl ciphers -s -tls1_2 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'")).split(':');
    expect(all).toEqual(expect.arrayContaining(['AECDH-AES256-SHA', 'ADH-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-SHA']));
    const found = await taken(port);
    expect(found).toEqual(expect.arrayContaining(['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305']));
    expect(found.filter((name) => /^A(EC)?DH|NULL|RC4|DES|MD5|EXP|PSK|SRP|SEED|IDEA/.test(name))).toEqual([]);
    // Other servers get what they need, people's programs only what checks integrity itself.
    const old = found.filter((name) => /-SHA(256|384)?$/.test(name) && !/GCM|CCM|POLY1305/.test(name));
    if (port === 25) expect(old).toContain('ECDHE-ECDSA-AES128-SHA');
    else expect(old).toEqual([]);
  });

  test.each(PORTS.flatMap((port) => ['tls1', 'tls1_1', 'tls1_2', 'tls1_3'].map((protocol) => [port, protocol] as const)))(
    'port %s speaks %s only if it is 1.2 or 1.3',
    async (port, protocol) => {
      const offer = `openssl s_client ${connection(port)} -${protocol} -cipher ALL:@SECLEVEL=0 </dev/null 2>&1 || true`;
      const said = await host.inside(offer);
      if (protocol === 'tls1_2' || protocol === 'tls1_3')
        expect(said).toMatch(/Protocol *: *TLSv1\.[23]|New, TLSv1\.[23], Cipher is [A-Z]/);
      else expect(said).toMatch(/alert protocol version|Cipher is \(NONE\)/);
    },
  );

  test.each(PORTS)('a client of port %s cannot have the keys calculated again', async (port) => {
    const again = `{ sleep 1; echo R; sleep 2; } | openssl s_client ${connection(port)} -tls1_2 2>&1 || true`;
    const said = await host.inside(again);
    expect(said).toContain('RENEGOTIATING');
    expect(said.slice(said.indexOf('RENEGOTIATING'))).toMatch(/no renegotiation/i);
  });

  test.each(PORTS)('port %s chooses the cipher', async (port) => {
    const order = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'];
    const chosen = async (offer: readonly string[]) =>
      host.inside(
        `openssl s_client ${connection(port)} -tls1_2 -cipher ${offer.join(':')} </dev/null 2>/dev/null | sed -n 's/^ *Cipher *: *//p' | head -n 1`,
      );
    expect(await chosen(order)).toBe(await chosen([...order].reverse()));
  });
}
