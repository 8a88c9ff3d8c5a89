/**
 * Debian machines with real systemd and sshd as systemd-nspawn containers: booted, halted, crashed, given volumes. The kernel
 * and the state folder are the only memory: any process may look, and `tearDown` works after a crash of every other one.
 */

export { consoleLogOf, execCommand, execIn, openConsole } from './exec';
export { type BootOptions, bootMachine, haltMachine, powerCut, removeMachine } from './lifecycle';
export { labKey, openSsh, type SshTarget, sshCommand, sshIn, waitForSsh } from './ssh';
export { listMachines, type MachineStatus } from './status';
export { tearDown } from './teardown';
export { type AttachedVolume, linkOf, removeVolume, syncVolumes } from './volumes';
