import { UnsupportedMachineError } from '../../../lab';
import { labCommand } from '../../../lib/cli/lab/command';

afterEach(() => jest.restoreAllMocks());

test.each([['up'], ['status'], ['delegate', 'example.com'], ['port-25', 'open'], ['ssh'], ['run', 'true'], ['down']])(
  'lab %s is refused with one sentence to who is not root, before it looks for a lab',
  async (...args) => {
    jest.spyOn(process, 'getuid').mockReturnValue(1000);
    const refused = labCommand().parseAsync([...args], { from: 'user' });
    await expect(refused).rejects.toThrow(UnsupportedMachineError);
    await expect(refused).rejects.toThrow(/^the lab [^\n]*(root|Debian)[^\n]*$/);
  },
);
