/** Shows from outside that a deployed mail host does its job: DNS chain and mails of every kind. Functions that return data. */
import type { Lab } from '../system';
import type { Check } from './check';
import { dnsChain } from './dns-chain';
import { mailFlow } from './mail-flow';
import { missingSignatures } from './signatures';
import type { Subject } from './subject';
import { verdict } from './verify';

export type { Check } from './check';
export { dnsChain, lookUp } from './dns-chain';
export { mailFlow, said } from './mail-flow';
export { deliveredMails, installDeliver, queueLength, setPassword, waitForDelivery } from './mailbox';
export { type Subject, subjectOf } from './subject';
export { verifyReport } from './verify';

/** All checks, in the order of the table. */
export async function prove(lab: Lab, subject: Subject): Promise<Check[]> {
  const missing = await missingSignatures(lab, subject);
  const mailed = missing.length > 0 ? missing : mailFlow(lab, subject);
  const [dns, mail] = await Promise.all([dnsChain(lab, subject), mailed]);
  return [...dns, ...mail, ...(await verdict(lab, subject))];
}
