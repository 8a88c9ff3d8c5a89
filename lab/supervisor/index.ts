/**
 * The process that keeps the lab what its AWS says: instances are machines, Elastic IPs are NAT, zones are DNS. What to do is
 * decided by `plan`, which is pure.
 */
export { control, type Disturbance, NoSupervisorError, type SupervisorStatus } from './control';
export { type Action, type Current, machineSpec, plan, vpcNetworks } from './plan';
export { isInstance } from './reconciler';
export { spawnSupervisor, stopSupervisor, supervisorProgram } from './spawn';
export { logFile, statusFile, supervise } from './supervise';
