import type { ConnectionSettings } from './connection-settings';

/** A connection as a command for people. Its values may be tokens. */
export function sshCommand({ host, port, user = 'admin', privateKeyPath, bastion }: ConnectionSettings): string {
  const options = [
    privateKeyPath && `-i ${privateKeyPath}`,
    port !== undefined && port !== 22 && `-p ${port}`,
    bastion && `-J ${bastion.user ?? 'admin'}@${bastion.host}${bastion.port ? `:${bastion.port}` : ''}`,
  ].filter(Boolean);
  return ['ssh', ...options, `${user}@${host}`].join(' ');
}
