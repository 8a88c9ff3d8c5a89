import type { HostFacts } from '../host/host-facts';
import { heloName } from '../net/helo-name';

/** The HELO name that a host in the role goes by now; undefined where there is none that this role could have given it. */
export function nameOnHost({ files }: Pick<HostFacts, 'files'>): string | undefined {
  const name = files['/etc/postfix/myhostname']?.content?.trim();
  return name && heloName(name) === undefined ? name : undefined;
}
