import { APPLY, applyHere } from './apply-role';
import { hosts, ours, setUp, stock, warmUp } from './hosts';
import { type DnsTerms, type HostSpec, LoadLab } from './load-lab';
import { sendings } from './mails';
import { cores } from './meter';
import { type Comparison, disturbance, loadTable, type Outcome } from './report';
import { type Trial, trial } from './trial';

/**
 * Mail through the whole chain, on a host as Debian ships it and on one with this role, in turn: how many a second, what a mail
 * costs, and what the limit is.
 */
interface Case {
  readonly dns: string;
  readonly terms: DnsTerms;
  /** Mails of a load, and loads on each host. */
  readonly mails: number;
  readonly rounds: number;
  /** Mails a second of the load that is not a full one; absent: none. */
  readonly paced?: number;
}

/**
 * At once is what no network does. The rest is what Google's crawler sees of the name servers of the internet: 130 ms on average for
 * an answer that no cache has, and 4 to 6 % of all questions without any
 * (https://developers.google.com/speed/public-dns/docs/performance). The last: a blocklist whose servers are gone, or turn a client
 * away without a word.
 */
const cases: readonly Case[] = [
  { dns: 'answers at once', terms: { milliseconds: 0 }, mails: 100, rounds: 2 },
  { dns: 'answers after 130 ms', terms: { milliseconds: 130 }, mails: 100, rounds: 2, paced: 1 },
  { dns: 'answers after 130 ms, 5 % never', terms: { milliseconds: 130, lost: 0.05 }, mails: 40, rounds: 1, paced: 0.5 },
  {
    dns: 'answers after 130 ms, one list never',
    terms: { milliseconds: 130, silentZone: 'bl.mailspike.net' },
    mails: 40,
    rounds: 1,
    paced: 0.5,
  },
];

/** A pattern of the names of the cases that are measured. */
const only = new RegExp(process.env.BENCH_LOAD_CASES ?? '');

/** Less than 1 to try the benchmark itself; figures of few mails say little. */
const scale = Number(process.env.BENCH_LOAD_SCALE ?? 1);

async function compare(load: LoadLab, { dns, terms, rounds, paced, ...one }: Case): Promise<Comparison> {
  const mails = Math.ceil(one.mails * scale);
  await load.answerDns(terms);
  const full: Record<string, Trial[]> = { stock: [], ours: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const host of hosts) {
      const done = await trial(load, host, sendings(`full.${round}`, mails, host.hostName));
      full[host.name]?.push(done);
      console.error(`${dns}, ${host.name}: ${(mails / done.seconds).toFixed(2)} mails/s`);
    }
  }
  const outcomeOf = async (host: HostSpec): Promise<Outcome> => ({
    full: full[host.name] ?? [],
    paced: paced ? await trial(load, host, sendings('paced', Math.ceil(20 * scale), host.hostName, paced), 'due') : undefined,
  });
  return { dns, stock: await outcomeOf(stock), ours: await outcomeOf(ours) };
}

/** Cores; the process that measures is one of the others. */
const QUIET = 0.3;
const DISTURBED = ': these figures are provisional';

async function main(): Promise<void> {
  const begin = performance.now();
  const load = await LoadLab.start();
  try {
    await setUp(load);
    console.error(`set up after ${((performance.now() - begin) / 1000).toFixed(0)} s`);
    await warmUp(load);
    const comparisons: Comparison[] = [];
    for (const one of cases.filter(({ dns }) => only.test(dns))) comparisons.push(await compare(load, one));
    const others = disturbance(comparisons);
    const minutes = ((performance.now() - begin) / 60_000).toFixed(1);
    console.log(
      `\n${minutes} minutes; others kept up to ${others.toFixed(2)} of ${cores()} cores busy${others > QUIET ? DISTURBED : ''}\n`,
    );
    console.log(loadTable(comparisons, cores()));
  } finally {
    await load.stop();
  }
}

(process.argv[2] === APPLY ? applyHere(process.argv[3] as string) : main()).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
