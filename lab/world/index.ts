/** The world outside the cloud: name servers, senders clean and unclean, and a mail server that writes down who brings it mail. */
export {
  blocklists,
  nameServer,
  publicResolvers,
  receiver,
  resolver,
  rootServer,
  secondNameServer,
  senders,
  strictReceiver,
} from '../model/world-addresses';
export { worldMachines } from './machines';
export type { ReceivedMail, Refusal } from './received';
export { arrivedMail, receivedMails, refusedMails, startReceiver } from './receiver';
export { eicar, gtube, type Mail, sendMail } from './sender';
export { type Attempt, readTranscript, type Stage } from './swaks';
