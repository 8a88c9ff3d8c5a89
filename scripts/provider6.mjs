/**
 * The constructs on the last cdktf bindings of AWS provider 6. Types and synthesis are those of version 6; Terraform validates
 * what was synthesised against the schemas of provider 5.100.0. So it is proven that the same sources compile, and that they
 * use nothing that version 5 lacks; what version 6 itself would say at apply is not.
 */
import { runVariant } from './variant.mjs';

/** What makes every kind of resource of AWS; `npm run test:all` runs all that make some. */
const tests =
  process.env.MAILSERVER_EVERY_ROW === '1'
    ? 'test/(constructs/(aws|host|mail-server)|stacks)'
    : 'test/(stacks/|constructs/aws/(ec2-host|route53))';

runVariant({
  name: 'provider6',
  dependencies: { cdktf: '0.21.0', '@cdktf/provider-aws': '21.22.1', constructs: '10.7.2' },
  env: { MAILSERVER_TEST_AWS_PROVIDER: '5.100.0' },
  steps: [
    ['typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.build.json']],
    ['jest/bin/jest.js', ['--ci', '--forceExit', '--selectProjects=unit', '--testPathPatterns', tests]],
  ],
  verdict: (installed) =>
    `compiled and synthesised with bindings ${installed['@cdktf/provider-aws']} (AWS provider 6); validated against the schemas of 5.100.0`,
});
