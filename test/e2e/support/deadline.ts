import { bePatient } from '../../../lab/system/wait';

/** What ends a wait that is in vain; no measure of anything. Machines of CI can be several times as slow as that of whoever writes a test. */
bePatient(4);
jest.setTimeout(1_800_000);
