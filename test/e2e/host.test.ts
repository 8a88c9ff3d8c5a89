import { changes } from './host/changes';
import { failures } from './host/failures';
import { interruptions } from './host/interruptions';
import { killMatrix } from './host/kill-matrix';
import { limits } from './host/limits';
import { poorLines } from './host/poor-lines';
import { SampleHost } from './host/sample-host';
import { stateVolume } from './host/state-volume';

/** One machine for all of them, in this order. */
const the = new SampleHost();
beforeAll(() => the.start());
beforeEach(async () => {
  if (the.machine !== undefined) await the.machine.inside('rm -f /run/release').catch(() => undefined);
});
afterAll(() => the.lab.stop());

changes(the);
failures(the);
interruptions(the);
killMatrix(the);
poorLines(the);
stateVolume(the);
limits(the);
