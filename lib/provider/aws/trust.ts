import { existsSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';

/** Where systems keep what they trust: Debian, Red Hat, macOS. A company adds its own there. */
const bundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];

/**
 * Connections to AWS as Terraform's AWS provider makes them: they trust what the system trusts and AWS_CA_BUNDLE, and go through
 * HTTPS_PROXY unless NO_PROXY has the host. The provider's process itself trusts nobody, see the launcher.
 */
export function httpsAgent(url: string, env: NodeJS.ProcessEnv = process.env): Agent {
  const ofSystem = bundles.find((path) => existsSync(path));
  const files = [ofSystem, env.AWS_CA_BUNDLE, env.MAILSERVER_EXTRA_CA_CERTS].filter((path): path is string => Boolean(path));
  const ca = [...rootCertificates, ...files.map((path) => readFileSync(path, 'utf8'))];
  const proxy = getProxyForUrl(url);
  return proxy ? (new HttpsProxyAgent(proxy, { ca }) as unknown as Agent) : new Agent({ ca, keepAlive: false });
}
