import { UNKNOWN } from '../../../lib/provider/framework/values';
import { unplanned } from '../../../lib/provider/role/plan-check';

describe('what is not as planned', () => {
  it('is named with both values, down to the key', () => {
    const planned = { volumes: { '/srv/mail': 'vol-1' }, services: { 'a.service': 'running', 'b.service': 'running' }, cores: 2 };
    const actual = { volumes: {}, services: { 'a.service': 'failed', 'b.service': 'running', 'c.service': 'running' }, cores: 4 };
    expect(unplanned(planned, actual)).toEqual([
      'volumes["/srv/mail"]: planned is "vol-1", there is nothing',
      'services["a.service"]: planned is "running", there is "failed"',
      'services["c.service"]: planned is nothing, there is "running"',
      'cores: planned is 2, there is 4',
    ]);
  });

  it('is only named where it is a text of several lines', () => {
    expect(unplanned({ files: { '/a': 'one\n' } }, { files: { '/a': 'two\n' } })).toEqual(['files["/a"]']);
  });

  it('is nothing where the plan left it open', () => {
    expect(unplanned({ files: { '/a': UNKNOWN }, cores: UNKNOWN }, { files: { '/a': 'two\n' }, cores: 4 })).toEqual([]);
  });
});
