import { agreementResource } from './dns/agreement-resource';
import { providerConfiguration } from './dns/configuration';
import { dnsDataSource } from './dns/dns-data-source';
import { DnsDefaults, realDns } from './dns/parts';
import { ProviderCalls } from './framework/provider-calls';
import { HandshakeError, readHandshake } from './protocol/handshake';
import { describeThrown, log } from './protocol/log';
import { serve } from './protocol/serve';
import { isWarm, realParts } from './role/real-parts';
import { roleResource } from './role/role-resource';

export { isWarm };

async function main(): Promise<void> {
  const handshake = readHandshake(process.env);
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  const stopping = new AbortController();
  const requestStop = () => stopping.abort(new Error('Terraform asked the provider to stop'));
  const defaults = new DnsDefaults();
  const dns = realDns(defaults);
  const resources = [roleResource(realParts), agreementResource(dns)];
  const calls = new ProviderCalls(resources, { signal: stopping.signal }, requestStop, {
    dataSources: [dnsDataSource(dns)],
    configuration: providerConfiguration(defaults),
  });
  await serve(calls, handshake, requestStop);
}

/** Terraform shows the last lines of standard error when a plugin is suddenly gone. */
function crash(thrown: unknown): void {
  log('error', `the provider crashed: ${describeThrown(thrown)}`);
  process.exit(1);
}

main().catch((thrown) => {
  if (!(thrown instanceof HandshakeError)) return crash(thrown);
  process.stderr.write(`${thrown.message}\n`);
  process.exit(1);
});
