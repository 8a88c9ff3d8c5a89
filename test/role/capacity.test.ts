import { capacityOf, unknownCapacity } from '../../lib/role/capacity';

describe('the capacity of a host', () => {
  it.each([
    [1, 460, false, '2', 'a tiny machine still takes two mails at once'],
    [2, 950, false, '5', 'memory is the limit of a 1 GiB machine'],
    [2, 1900, false, '14', 'memory is the limit of a 2 GiB machine'],
    [2, 3900, false, '16', 'the processors are the limit of a 4 GiB machine'],
    [2, 3900, true, '16', 'the virus scanner fits into 4 GiB'],
    [4, 3900, true, '19', 'next to the virus scanner memory is short'],
    [16, 64000, true, '128', 'a large machine takes more'],
  ])('%i cores, %i MiB, antivirus %s: %s workers (%s%s)', (cores, memory, antivirus, workers) => {
    expect(capacityOf(cores, memory, antivirus).workers).toBe(workers);
  });

  it('lets one client hold half of the connections', () => {
    expect(capacityOf(2, 4000, false).connectionsPerClient).toBe('8');
  });

  it('refuses the virus scanner below 3 GiB with the number and the fix', () => {
    expect(() => capacityOf(2, 1900, true)).toThrow(
      'antivirus needs 3 GiB of memory, this host has 1900 MiB: the virus signatures alone take more than 1 GiB. ' +
        'Take an instance type with more memory (e.g. t3.medium), or set antivirus to false',
    );
  });

  it('takes a machine that is sold with 3 GiB and reports a little less', () => {
    expect(capacityOf(2, 2880, true).workers).toBe('9');
  });

  it('is a sentinel throughout when the machine is not there yet', () => {
    expect(Object.values(unknownCapacity('?'))).toEqual(['?', '?']);
  });
});
