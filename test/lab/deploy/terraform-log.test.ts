import { TerraformLog } from '../../../lab/deploy/terraform-log';
import type { Step } from '../../../lab/system';

function read(...messages: (object | string)[]) {
  const steps: Step[] = [];
  let now = 0;
  const log = new TerraformLog(
    (step) => steps.push(step),
    () => {
      now += 1000;
      return now;
    },
  );
  for (const message of messages) log.line(typeof message === 'string' ? message : JSON.stringify(message));
  return { log, steps };
}

const hook = (action: string) => ({ resource: { addr: 'aws_eip.address' }, action });

describe('the log of terraform apply', () => {
  it('makes each resource a step', () => {
    const { steps } = read(
      { type: 'version' },
      { type: 'apply_start', hook: hook('create') },
      { type: 'apply_progress', hook: hook('create') },
      { type: 'apply_complete', hook: hook('create') },
    );
    expect(steps).toEqual([
      { title: 'create aws_eip.address', state: 'started' },
      { title: 'create aws_eip.address', state: 'done', milliseconds: 1000 },
    ]);
  });

  it('marks the step of a resource that failed', () => {
    const { steps } = read({ type: 'apply_start', hook: hook('update') }, { type: 'apply_errored', hook: hook('update') });
    expect(steps[1]).toMatchObject({ title: 'change aws_eip.address', state: 'failed' });
  });

  it('counts what was done, not what was planned', () => {
    const { log } = read(
      { type: 'change_summary', changes: { add: 9, change: 0, remove: 0, operation: 'plan' } },
      { type: 'change_summary', changes: { add: 3, change: 2, remove: 1, operation: 'apply' } },
    );
    expect(log.result).toEqual({ added: 3, changed: 2, destroyed: 1 });
  });

  it('keeps errors with address and detail, and no warnings', () => {
    const { log } = read(
      { type: 'diagnostic', diagnostic: { severity: 'warning', summary: 'old' } },
      { type: 'diagnostic', diagnostic: { severity: 'error', summary: 'no PTR', detail: 'set it', address: 'aws_eip.address' } },
    );
    expect(log.errors).toEqual(['Error: no PTR (aws_eip.address)\n  set it']);
  });

  it('keeps a line that is not JSON as an error', () => {
    expect(read('', 'nsenter: cannot open').log.errors).toEqual(['nsenter: cannot open']);
  });
});
