import type { Target } from '../target';
import { applyLog } from './apply-log';
import { connection } from './connection';
import { dmarc } from './dmarc';
import { dnsMessage } from './dns-message';
import { facts } from './facts';
import { importId } from './import-id';
import { recordValues } from './record-values';
import { smtpDialogue } from './smtp-dialogue';
import { spf } from './spf';

/** Every reader of what comes from the network, a host or a person. */
export const targets: readonly Target[] = [
  dnsMessage,
  spf,
  dmarc,
  facts,
  importId,
  applyLog,
  recordValues,
  connection,
  smtpDialogue,
];
