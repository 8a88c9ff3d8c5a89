import { killHostMutants } from '../kill-host-mutants';
import { mutantsOfChecks } from '../table/of-checks';

killHostMutants('test/e2e/checks.test.ts', mutantsOfChecks, () => require('../../e2e/checks.test'));
