import { killHostMutants } from '../kill-host-mutants';
import { mutantsOfRequirements } from '../table/of-requirements';

killHostMutants('test/e2e/requirements.test.ts', mutantsOfRequirements, () => require('../../e2e/requirements.test'));
