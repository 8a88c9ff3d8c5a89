export { checkInotify } from './inotify';
export { defaultCacheDir, describeLab, type Lab } from './lab';
export { checkPreconditions, UnsupportedMachineError } from './preconditions';
export { CommandError, commandLine, type Result, type RunOptions, run, runScript } from './run';
export { type OnStep, type Step, step } from './steps';
export { together } from './together';
export { DeadlineError, waitFor } from './wait';
