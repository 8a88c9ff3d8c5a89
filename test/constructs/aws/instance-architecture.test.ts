import { architectureOf, isArchitectureSure } from '../../../lib/constructs/aws/instance-architecture';

test.each([
  ['t3.medium', 'amd64'],
  ['t3a.small', 'amd64'],
  ['t4g.small', 'arm64'],
  ['a1.large', 'arm64'],
  ['m5.large', 'amd64'],
  ['m6g.large', 'arm64'],
  ['m6gd.metal', 'arm64'],
  ['c7gn.16xlarge', 'arm64'],
  ['c7i-flex.large', 'amd64'],
  ['im4gn.large', 'arm64'],
  ['is4gen.medium', 'arm64'],
  ['g4dn.xlarge', 'amd64'],
  ['g5g.xlarge', 'arm64'],
  ['g6e.xlarge', 'amd64'],
  ['hpc7g.4xlarge', 'arm64'],
  ['u-6tb1.metal', 'amd64'],
  ['u7i-12tb.224xlarge', 'amd64'],
  ['x2gd.medium', 'arm64'],
  ['x2iedn.xlarge', 'amd64'],
  ['r8gb.large', 'arm64'],
  ['p4de.24xlarge', 'amd64'],
])('%s is %s', (type, architecture) => expect(architectureOf(type)).toEqual({ architecture }));

test.each([
  ['medium', 'not of the form family.size'],
  ['', 'not of the form family.size'],
  ['T3.medium', 'not of the form family.size'],
  ['mac2.metal', 'Debian does not run on Mac instances'],
])('%j says nothing usable', (type, problem) =>
  expect(architectureOf(type)).toEqual({ problem: expect.stringContaining(problem) }),
);

test.each([
  ['t4g.small', true],
  ['m7a.large', true],
  ['m7i-flex.large', true],
  ['a1.medium', true],
  ['t3.medium', true],
  ['c5d.large', true],
  ['m6.large', false],
  ['z9x.large', false],
  ['medium', false],
])('the name %s leaves no doubt: %s', (type, sure) => expect(isArchitectureSure(type)).toBe(sure));
