/**
 * The types and the unit tests on CDK Terrain, installed the way its users do: by aliases of the old names. A test from which no
 * import leads to these names has nothing here that could be different, and is left out.
 */
import { execFileSync } from 'node:child_process';
import { runVariant } from './variant.mjs';

const NAMES = "from '(cdktf|constructs|@cdktf/[^']*)'";
const users = execFileSync('git', ['grep', '--untracked', '-lE', NAMES, '--', 'lib/*.ts', 'stacks/*.ts', 'test/*.ts'], {
  encoding: 'utf8',
});

runVariant({
  name: 'cdktn',
  dependencies: { cdktf: 'npm:cdktn@^0.24', '@cdktf/provider-aws': 'npm:@cdktn/provider-aws@^25', constructs: '10.7.2' },
  // Its bindings are of AWS provider 6; the schemas at hand in the tests are those of 5.100.0.
  env: { MAILSERVER_TEST_AWS_PROVIDER: '5.100.0' },
  steps: [
    ['typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.build.json']],
    ['jest/bin/jest.js', ['--ci', '--forceExit', '--selectProjects=unit', '--findRelatedTests', ...users.trim().split('\n')]],
  ],
  verdict: (installed) =>
    `types and the unit tests that reach it with cdktn ${installed.cdktf} and @cdktn/provider-aws ${installed['@cdktf/provider-aws']}`,
});
