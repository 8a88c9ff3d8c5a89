import type { Probe } from '../../host/desired-state';
import { type Component, executable } from '../component';
import { PORTS, PROBE } from '../paths';
import probeProgram from '../remote/probe.py';
import { usesPostscreen } from './postscreen';

/**
 * What must answer after a change, asked by protocol and not by process (R42, R43). A filter is spoken to in whole SMTP: a bare
 * newline would stay in its worker and break the next real mail.
 */
export const probes: Component = ({ settings }) => ({
  packages: ['python3'],
  files: [executable(PROBE, probeProgram)],
  probes: [
    ...(settings.antivirus ? [probe('ClamAV', 'clamd /run/clamav/clamd.ctl', 120)] : []),
    probe('amavis, incoming', `smtp 127.0.0.1 ${PORTS.filterIncoming}`, 60),
    probe('amavis, submission', `smtp 127.0.0.1 ${PORTS.filterSubmission}`, 60),
    ...(usesPostscreen(settings) ? [] : [probe('policyd-weight', `policy 127.0.0.1 ${PORTS.policydWeight}`)]),
    probe('postgrey', `policy 127.0.0.1 ${PORTS.postgrey}`),
    probe('SMTP on port 25', `smtp 127.0.0.1 25 --name ${settings.heloName} --starttls`),
    probe('submission on port 587', `smtp 127.0.0.1 587 --name ${settings.heloName} --starttls --auth`),
    probe('submission on port 465', `smtp 127.0.0.1 465 --name ${settings.heloName} --tls --auth`),
  ],
});

function probe(name: string, request: string, timeoutSeconds = 30): Probe {
  return { name, command: `${PROBE} ${request}`, timeoutSeconds };
}
