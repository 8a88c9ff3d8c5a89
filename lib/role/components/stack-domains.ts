import { type Component, configFile, lines } from '../component';
import { STACK_MAPS } from '../paths';

const HEADER = '# Written by the stack (`domains`).';

/**
 * The mail domains of the stack, in maps of their own beside the service users': a domain with a delivery or a next hop is
 * relayed, one without is a virtual alias domain, whose recipients are the entries of `virtualAliases`.
 */
export const stackDomains: Component = ({ settings }) => {
  const domains = Object.entries(settings.domains ?? {});
  const relayed = domains.filter(([, domain]) => domain.deliverTo || domain.relayTo);
  const virtual = domains.filter(([, domain]) => !domain.deliverTo && !domain.relayTo);
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
      configFile(
        `${STACK_MAPS}/virtual-domains`,
        lines(
          HEADER,
          virtual.map(([name]) => name),
        ),
      ),
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
