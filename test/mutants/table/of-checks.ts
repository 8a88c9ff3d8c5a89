import type { HostMutant } from '../mutant';

const PROGRAMS = '/usr/lib/mailserver/checks';

const mutant = (of: readonly string[], what: string, file: string, from: string, to: string, title: string, row?: string) => {
  const found: HostMutant = {
    of,
    what,
    alterations: [{ file, from, to }],
    killedBy: [{ file: 'test/e2e/checks.test.ts', title, row }],
  };
  return found;
};

/** Killed by test/e2e/checks.test.ts. */
export const mutantsOfChecks: readonly HostMutant[] = [
  mutant(
    ['R3', '2013/r003'],
    'a list that lies is asked all the same',
    '/etc/policyd-weight.conf',
    'return -1 if defined $off',
    'return -1 if 0 && defined $off',
    'R3: switches a list off that answers for everything, and on again',
  ),
  mutant(
    ['R42'],
    'a daemon that does not answer is well',
    `${PROGRAMS}/services.py`,
    'return Outcome(LEVELS[service["whenDown"]],',
    'return Outcome(OK,',
    'R42: a dead postgrey is found',
  ),
  mutant(
    ['R42', '2012/r007 The scanner'],
    'a scanner that says nothing is well',
    `${PROGRAMS}/services.py`,
    'if service["protocol"] == "clamd" and answer != "PONG":',
    'if False:',
    'R42: a dead clamd is found',
  ),
  mutant(
    ['R43'],
    'a port with a fault is well',
    `${PROGRAMS}/services.py`,
    'return Outcome(CRITICAL, f"port {label}: {reason(error)}",',
    'return Outcome(OK, label,',
    'R43: AUTH on port 25 is found',
  ),
  mutant(
    ['R44'],
    'a sample that is taken is well',
    `${PROGRAMS}/filtering.py`,
    'return CRITICAL, f"{name} was accepted, mail is not filtered: {said}"',
    'return OK, f"{name} was accepted: {said}"',
    'R44: spam that passes the filter is found',
  ),
  mutant(
    ['R44', '2012/r004'],
    'the daemon that filters is asked whether it lives, and no more',
    `${PROGRAMS}/filtering.py`,
    'return sample(config, "GTUBE", r"- spam\\b", text=f"{GTUBE}\\r\\n")',
    'return Outcome(OK, "amavis runs")',
    'R44: says that the samples were refused by the filter, for what they are',
  ),
  mutant(
    ['R44', '2012/r005 Samples'],
    'the sample of a virus is none',
    `${PROGRAMS}/filtering.py`,
    'attachment=EICAR.encode("ascii")',
    'attachment=b"harmless"',
    'R44: says that the samples were refused by the filter, for what they are',
  ),
  mutant(
    ['R44', '2015/r047'],
    'any refusal of a sample is well',
    `${PROGRAMS}/filtering.py`,
    'if stage == "text" and re.search(expected, answer):',
    'if code >= 500:',
    'R44: a refusal for another reason is found',
  ),
  mutant(
    ['R45', '2020/r029'],
    'a map that nobody reloaded is well',
    `${PROGRAMS}/mta.py`,
    'if result.returncode != 0:\n        waiting =',
    'if False:\n        waiting =',
    'R45: a map that was edited and not reloaded is found',
  ),
  mutant(
    ['R45', '2020/r029'],
    'tables may be newer than their readers',
    `${PROGRAMS}/mta.py`,
    'if compiled:',
    'if False:',
    'R45: a table newer than the daemons is found',
  ),
  mutant(
    ['R46'],
    'a queue may grow',
    `${PROGRAMS}/mta.py`,
    'limited(length, limits["warning"], limits["critical"])',
    'OK',
    'R46: a queue that grows is found',
  ),
  mutant(
    ['R46', '2015/r001'],
    'a list that has everybody is well',
    `${PROGRAMS}/blocklists.py`,
    'if unlisted:\n',
    'if False:\n',
    'R46: is found: %s',
    'a list that answers for everything',
  ),
  mutant(
    ['R46', '2025/r008'],
    'a list that refuses this resolver is well',
    `${PROGRAMS}/blocklists.py`,
    'if errors:\n',
    'if errors:\n        return None\n    if errors:\n',
    'R46: is found: %s',
    'a list that refuses this resolver',
  ),
  mutant(
    ['R3', 'R46', '2025/r006'],
    'a list that is gone is well',
    `${PROGRAMS}/blocklists.py`,
    'if not counts(site, listed):\n',
    'if False:\n',
    'R3, R46: a list that was closed is found, and refuses nobody',
  ),
  mutant(
    ['R46', '2014/r018'],
    'its own address on a list is well',
    `${PROGRAMS}/blocklists.py`,
    'if wrong:\n',
    'if False:\n',
    'R46: is found: %s',
    'one of its addresses on a list',
  ),
  mutant(
    ['R46', '2024/r024'],
    'signatures are stale two hours too early',
    `${PROGRAMS}/freshness.py`,
    'old = now - os.stat(daily).st_mtime',
    'old = now - os.stat(daily).st_mtime + 2 * HOUR',
    'R46: is found in virus signatures, or is none: %s',
    'fresh',
  ),
];
