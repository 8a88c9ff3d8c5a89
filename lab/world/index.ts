/** The world outside the cloud: name servers, senders clean and unclean, and a mail server that writes down who brings it mail. */
export { blocklists, nameServer, receiver, resolver, senders } from './addresses';
export { worldMachines } from './machines';
export type { ReceivedMail } from './received';
export { receivedMails, startReceiver } from './receiver';
export { eicar, gtube, type Mail, sendMail } from './sender';
export { type Attempt, readTranscript, type Stage } from './swaks';
