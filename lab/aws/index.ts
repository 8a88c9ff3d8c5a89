/** The lab's AWS: moto with the rules that it lacks, telling after each call what there should be. */
export { awsCall } from './call';
export { calledActions, type RecordedCall, recordedCalls } from './calls';
export type { AwsConditions, ChangedAws } from './conditions';
export { awsEndpoint, awsPort, type Emulator, startEmulator } from './emulator';
export { findPython, motoVersion } from './python';
