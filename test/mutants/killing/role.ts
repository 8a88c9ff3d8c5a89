import { killHostMutants } from '../kill-host-mutants';
import { mutantsOfTheRole } from '../table/of-the-role';

killHostMutants('test/e2e/role.test.ts', mutantsOfTheRole, () => require('../../e2e/role.test'));
