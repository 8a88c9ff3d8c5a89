import type { Component } from '../component';
import { DKIM_STATE, LOGINS_STATE, RELAY_STATE, WARM_UP_STATE } from '../paths';

/** Where the volume is mounted when the stack does not say. */
const DEFAULT_MOUNT_POINT = '/srv/mail';

/**
 * What must outlive the instance: queue, Postfix' own data, greylist, passwords, those for smart hosts among them, what logins have sent,
 * how old an address is, the self-signed certificate, DKIM keys, filter rules and
 * what they learned, quarantine, virus signatures.
 */
export const stateVolume: Component = ({ settings }) => {
  if (!settings.stateVolume) return {};
  const directories = [
    '/var/spool/postfix',
    '/var/lib/postfix',
    '/var/lib/postgrey',
    '/var/lib/mailserver/sasl',
    '/var/lib/mailserver/tls',
    LOGINS_STATE,
    ...(settings.relay?.length ? [RELAY_STATE] : []),
    ...(settings.outgoingPace?.warmUp ? [WARM_UP_STATE] : []),
    ...(settings.dkim ? [DKIM_STATE] : []),
    '/var/lib/amavis',
    '/var/lib/spamassassin',
    ...(settings.antivirus ? ['/var/lib/clamav'] : []),
  ];
  const { volumeId, mountPoint } = settings.stateVolume;
  return { volume: { volumeId, mountPoint: mountPoint ?? DEFAULT_MOUNT_POINT, directories } };
};
