import { UNKNOWN } from '../../../lib/provider/framework/values';
import { plannedRecords } from '../../../lib/provider/role/dkim-records';
import { DKIM_KEYS, dkimRecordsOn } from '../../../lib/role/dkim-on-host';

const record = `v=DKIM1; k=rsa; p=${'A'.repeat(392)}`;

describe('the records of DKIM keys in a plan', () => {
  const known = { dkim_records: { mta1: record, mta2: record } };

  it('are none where the host does not sign', () => {
    expect(plannedRecords(undefined, known)).toEqual({});
  });

  it('are known after apply on a machine that was not seen, that has no keys, or lost one', () => {
    expect(plannedRecords({}, undefined)).toBe(UNKNOWN);
    expect(plannedRecords({}, { dkim_records: {} })).toBe(UNKNOWN);
    expect(plannedRecords({}, { dkim_records: { mta1: record } })).toBe(UNKNOWN);
    expect(plannedRecords({ selectors: ['a', 'b'] }, known)).toBe(UNKNOWN);
    expect(plannedRecords(UNKNOWN, known)).toBe(UNKNOWN);
  });

  it('are known after apply where the stack revokes a key, and only then', () => {
    const prior = (rotation?: number) => ({ ...known, dkim: rotation === undefined ? {} : { rotation } });
    expect(plannedRecords({ rotation: 2 }, prior())).toBe(UNKNOWN);
    expect(plannedRecords({ rotation: 3 }, prior(2))).toBe(UNKNOWN);
    for (const [now, before] of [
      [undefined, undefined],
      [1, undefined],
      [2, 2],
      [1, 2],
    ])
      expect(plannedRecords(now === undefined ? {} : { rotation: now }, prior(before))).toEqual(known.dkim_records);
  });

  it('are what the refresh saw of the keys in use', () => {
    expect(plannedRecords({}, { dkim_records: { mta1: record, mta2: record, old: record } })).toEqual(known.dkim_records);
  });
});

describe('the records of DKIM keys on a host', () => {
  const on = (value?: string) =>
    dkimRecordsOn({ derived: { [DKIM_KEYS]: { current: true, reason: '', ...(value && { value }) } } });

  it('are what its keys say', () => {
    expect(on(JSON.stringify({ mta1: record }))).toEqual({ mta1: record });
    expect(on()).toEqual({});
  });

  it('are nothing else that a host might say', () => {
    expect(on(JSON.stringify({ mta1: 'v=spf1 +all', 'a"]': record, mta2: 7, mta3: `${record}"` }))).toEqual({});
    for (const nonsense of ['null', '7', '{', '[]']) expect(on(nonsense)).toEqual({});
  });
});
