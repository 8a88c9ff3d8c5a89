import fc from 'fast-check';
import { connectionSettings } from '../../../lib/host/connection-settings';
import { importState } from '../../../lib/provider/role/import-id';
import { target } from '../target';
import { anyText, domainName, madeOf, mutated } from '../texts';

const host = fc.oneof(
  domainName,
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
);
const id = fc
  .tuple(
    fc.constantFrom('', 'admin@', 'a@b@'),
    host,
    fc.constantFrom('', ':22', ':0', ':65536', ':1e3'),
    fc.constantFrom('', '?private_key_path=~/.ssh/k', '?bastion=jump@b.test:2222', '?private_key_path=&bastion='),
    fc.constantFrom('', '#i-0abc'),
  )
  .map((parts) => parts.join(''));

/** Names as the properties have them. */
const camel = (value: object): object =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([name, each]) => [
        name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
        typeof each === 'object' ? camel(each) : each,
      ]),
  );

export const importId = target({
  name: 'import-id',
  input: fc.oneof(
    id,
    mutated(id),
    anyText(30),
    madeOf(fc.constantFrom('@', ':', '?', '#', '&', '[', ']', 'private_key_path=', 'a')),
  ),
  check(text) {
    const { state, diagnostics } = importState(text);
    if (state === null) {
      const [problem] = diagnostics;
      if (problem?.severity !== 'error' || !problem.detail?.includes('is not of the form'))
        throw new Error('refused without a reason');
      return;
    }
    // What an import takes, a configuration could have said.
    const { success, error } = connectionSettings.safeParse(camel(state.ssh as object));
    if (!success) throw new Error(`taken, but no connection: ${error?.message}`);
  },
});
