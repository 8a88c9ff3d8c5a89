/** Loaded at the first connection: most starts of the provider never make one. */
export { NodeSSH } from 'node-ssh';
export { OpenSSHAgent, utils } from 'ssh2';
