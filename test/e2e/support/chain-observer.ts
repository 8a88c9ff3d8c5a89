import { execIn, type Lab, nameServer } from '../../../lab';
import script from './chain-observer.py';

/** One look at the chain, from outside. */
export interface ChainMoment {
  readonly seconds: number;
  /** Where the domain's MX points to; empty: there is no MX. */
  readonly target: string;
  readonly address: string;
  /** Whose banner was looked at: that address, or the host's where no MX leads to one. */
  readonly asked: string;
  /** The name in the banner; empty: nobody answers. */
  readonly announced: string;
  readonly resolved: string;
}

export interface ObserverOptions {
  /** The address of a host that is to be watched where no MX leads to one, too. */
  readonly host?: string;
  /** Who is asked: the name server, which remembers nothing, or a resolver. Default: the name server. */
  readonly server?: string;
}

/** Watches the chain of a domain while something is done to it. */
export async function whileObserved(
  lab: Lab,
  domain: string,
  work: () => Promise<unknown>,
  { host = '', server = nameServer.ipv4 }: ObserverOptions = {},
): Promise<readonly ChainMoment[]> {
  const stop = '/run/chain-observer-stop';
  await execIn(lab, 'sender', ['rm', '-f', stop]);
  const command = ['python3', '-c', script, server, domain, stop, host];
  const watching = execIn(lab, 'sender', command, { timeout: 900_000 });
  try {
    await work();
  } finally {
    await execIn(lab, 'sender', ['touch', stop]);
  }
  const { stdout } = await watching;
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [seconds = '', target = '', address = '', asked = '', announced = '', resolved = ''] = line.split('\t');
      return { seconds: Number(seconds), target, address, asked, announced, resolved };
    });
}

/** Moments at which mail is lost, not only late: a name that leads nowhere makes a sender give up. */
export function forbidden(moments: readonly ChainMoment[]): readonly ChainMoment[] {
  return moments.filter(
    ({ target, address, asked, announced, resolved }) =>
      (target !== '' && address === '') || (announced !== '' && resolved !== asked),
  );
}

/** Moments at which the MX points to a host that does not answer: senders try again later. */
export function silent(moments: readonly ChainMoment[]): readonly ChainMoment[] {
  return moments.filter(({ target, announced }) => target !== '' && announced === '');
}
