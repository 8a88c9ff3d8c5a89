import { execIn, type Lab, nameServer } from '../../../lab';
import script from './chain-observer.sh';

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

/** Watches the chain of a domain while something is done to it; with its address, a host that no MX leads to is watched, too. */
export async function whileObserved(
  lab: Lab,
  domain: string,
  work: () => Promise<unknown>,
  host = '',
): Promise<readonly ChainMoment[]> {
  const stop = '/run/chain-observer-stop';
  await execIn(lab, 'sender', ['rm', '-f', stop]);
  const command = ['bash', '-c', script, 'observer', nameServer.ipv4, domain, stop, host];
  const watching = execIn(lab, 'sender', command, { timeout: 600_000 });
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
