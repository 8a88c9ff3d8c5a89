/**
 * The lab: a small internet with a cloud in it, on one machine, made of real parts. `startLab`, `prepare`, `deploy` and
 * `proveDeployment` are what `mailserver lab up` does; end-to-end tests call them one by one.
 */
export { awsCall, awsEndpoint } from './aws';
export {
  findProgram,
  inLab,
  labEnvironment,
  nearestProgram,
  outputDir,
  requireTerraform,
  type Stack,
  terraformApply,
  terraformOutputs,
  terraformPlan,
  terraformResources,
  whileAlone,
} from './deploy';
export { deploy, deployedHost, destroy, type Prepared, prepare, preparedEarlier, proveDeployment } from './deployment';
export type { BlocklistFault, DnsFaults, DnsServerName, RecordFault, ServerFault } from './dns';
export { down } from './down';
export { execIn, haltMachine, labKey, listMachines, openSsh, powerCut, sshIn, waitForSsh } from './machines';
export type { ChangedConditions, LabConditions } from './model/conditions';
export type { CloudZone } from './model/contracts';
export { labCommandLine } from './model/lab-command-line';
export { claimStateDir, defaultStateDir, type LabRecord, readRecord } from './model/state-folder';
export {
  type Check,
  deliveredMails,
  dnsChain,
  lookUp,
  mailFlow,
  queueLength,
  type Subject,
  setPassword,
  verifyReport,
  waitForDelivery,
} from './proof';
export { withRegistrar } from './registrar';
export { control, type Disturbance, isInstance, type SupervisorStatus, supervise } from './supervisor';
export {
  checkPreconditions,
  defaultCacheDir,
  describeLab,
  type Lab,
  type OnStep,
  run,
  type Step,
  step,
  UnsupportedMachineError,
  waitFor,
} from './system';
export { isUp, startLab } from './up';
export {
  type Attempt,
  arrivedMail,
  eicar,
  gtube,
  type Mail,
  nameServer,
  publicResolvers,
  type ReceivedMail,
  type Refusal,
  receivedMails,
  receiver,
  refusedMails,
  resolver,
  secondNameServer,
  senders,
  sendMail,
  strictReceiver,
  worldMachines,
} from './world';
