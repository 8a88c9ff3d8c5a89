import { HandshakeError, readHandshake } from './protocol/handshake';
import { describeThrown, log } from './protocol/log';
import { serve } from './protocol/serve';

let worked = false;

/** Whether this run has worked with a host, and by that used nearly all of the code that plans need. */
export const isWarm = () => worked;

async function main(): Promise<void> {
  const handshake = readHandshake(process.env);
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  const stopping = new AbortController();
  const requestStop = () => stopping.abort(new Error('Terraform asked the provider to stop'));
  const onWork = () => {
    worked = true;
  };
  const load = async () => (await import('./calls.js')).providerCalls({ signal: stopping.signal, requestStop, onWork });
  await serve(load, handshake, requestStop);
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
