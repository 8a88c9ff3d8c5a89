import { type Component, configFile, lines } from '../component';

/** Resolvers named by the stack replace what DHCP or the image says; the file is a plain one, so nothing rewrites it. */
export const resolvers: Component = ({ settings }) => {
  if (!settings.resolvers?.length) return {};
  const servers = settings.resolvers.map((address) => `nameserver ${address}`);
  return { files: [configFile(RESOLV_CONF, lines('# Written by the stack.', servers, 'options edns0'))] };
};

/** Daemons that read it once are restarted when it changes. */
export const RESOLV_CONF = '/etc/resolv.conf';
