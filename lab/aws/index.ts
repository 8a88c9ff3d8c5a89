/** The lab's AWS: moto with the rules that it lacks, telling after each call what there should be. */

export type { AwsConditions, ChangedAws } from '../model/aws-conditions';
export { awsCall } from './call';
export { calledActions, type RecordedCall, recordedCalls } from './calls';
export { awsEndpoint, awsPort, type Emulator, startEmulator } from './emulator';
export { findPython, motoVersion } from './python';
