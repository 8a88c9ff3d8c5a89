import { type AttackedHost, type Attacker, BEGAN, NO_HARM } from './support/attacked-host';

/** What a curious user looks at. */
const LOOK = `cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '
mailq; journalctl -n 5000 -o cat 2>/dev/null; ls -lR /var/spool/postfix /var/lib/mailserver /home /run 2>/dev/null
sudo -n sasldblistusers2; postconf; postconf -M; systemctl show '*' 2>/dev/null | grep -i environment`;

/** Passwords, keys, mails and files of others. */
export function readable(host: AttackedHost): void {
  test.each<Attacker>(['webapp', 'plain'])('no file and no process of the host shows %s a secret of others', async (user) => {
    const harm = await host.harmOf(user, async () => {
      // Everything counts as new.
      await host.inside(`touch -d @0 ${BEGAN}`);
      return host.asUser(LOOK, user);
    });
    expect(harm).toEqual(NO_HARM);
  });
}
