export * from './checks';
export * from './names';
export * from './records';
export * from './reverse';
export * from './zones';
