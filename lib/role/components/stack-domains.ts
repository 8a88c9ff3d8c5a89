import { type Component, configFile, lines } from '../component';
import { STACK_MAPS } from '../paths';
import { virtualDomains } from '../virtual-domains';

const HEADER = '# Written by the stack (`domains`).';
const VIRTUAL_HEADER = '# Written by the stack (`domains`, `virtualAliases`).';

/**
 * The mail domains of the stack, in maps of their own next to the service users': a domain with a delivery or a next hop is
 * relayed, one without is a virtual alias domain, whose recipients are the entries of `virtualAliases`; so is one that is named there
 * only.
 */
export const stackDomains: Component = ({ settings, maps }) => {
  const domains = Object.entries(settings.domains ?? {});
  const relayed = domains.filter(([, domain]) => domain.deliverTo || domain.relayTo);
  const transports = relayed.map(
    ([name, domain]) => `${name} ${domain.deliverTo ? `user-${domain.deliverTo}:` : domain.relayTo}`,
  );
  const verified = relayed.filter(([, domain]) => !domain.deliverTo);
  return {
    directories: [{ path: STACK_MAPS, owner: 'root', group: 'root', mode: '0755' }],
    files: [
      configFile(
        `${STACK_MAPS}/relay-domains`,
        lines(
          HEADER,
          relayed.map(([name]) => name),
        ),
      ),
      configFile(`${STACK_MAPS}/transport`, lines(HEADER, transports)),
      configFile(`${STACK_MAPS}/virtual-domains`, lines(VIRTUAL_HEADER, virtualDomains(settings, maps))),
      // A next hop knows its recipients: it is asked, so that unknown ones are refused here and not bounced later (R8i).
      configFile(
        `${STACK_MAPS}/verify-recipients`,
        lines(
          HEADER,
          verified.map(([name]) => `${name} reject_unverified_recipient`),
        ),
      ),
    ],
  };
};
