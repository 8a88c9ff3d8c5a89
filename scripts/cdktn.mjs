/**
 * The types and the unit tests on CDK Terrain, installed the way its users do: by aliases of the old names. Tests of constructs and stacks
 * are what it could fail; what only reads their result, or installs the package anew, has nothing here that could be different.
 */
import { runVariant } from './variant.mjs';

/** What makes every kind of construct; `npm run test:all` runs all of them. */
const some = 'test/(stacks/|constructs/mail-server/mail-server(s|[.]tree)[.])';
const tests = process.env.MAILSERVER_EVERY_ROW === '1' ? 'test/(constructs|stacks)/' : some;

runVariant({
  name: 'cdktn',
  dependencies: { cdktf: 'npm:cdktn@^0.24', '@cdktf/provider-aws': 'npm:@cdktn/provider-aws@^25', constructs: '10.7.2' },
  // Its bindings are of AWS provider 6; the schemas at hand in the tests are those of 5.100.0.
  env: { MAILSERVER_TEST_AWS_PROVIDER: '5.100.0' },
  steps: [
    ['typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.build.json']],
    ['jest/bin/jest.js', ['--ci', '--forceExit', '--selectProjects=unit', '--testPathPatterns', tests]],
  ],
  verdict: (installed) =>
    `types and the unit tests of constructs and stacks with cdktn ${installed.cdktf} and @cdktn/provider-aws ${installed['@cdktf/provider-aws']}`,
});
