import type { OpenSSHAgent } from 'ssh2';

/** An agent that offers one of its keys only: a server counts each offer, and hangs up before the right one comes. */
export async function agentWithKey(socket: string, publicKey: Buffer): Promise<OpenSSHAgent> {
  const { OpenSSHAgent } = await import('./ssh-library.js');
  const agent = new OpenSSHAgent(socket);
  const all = agent.getIdentities.bind(agent);
  agent.getIdentities = (callback) =>
    all((error, keys) =>
      callback(
        error,
        keys?.filter((key) => 'getPublicSSH' in key && key.getPublicSSH().equals(publicKey)),
      ),
    );
  return agent;
}
