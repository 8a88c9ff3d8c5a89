import { UNKNOWN } from '../../../lib/provider/framework/values';
import { writeOnlyRefusals } from '../../../lib/provider/framework/write-only';
import { attributes } from '../../../lib/provider/role/attributes';

const paths = (values: Parameters<typeof writeOnlyRefusals>[0]) =>
  writeOnlyRefusals(values, attributes).map(({ attribute }) => attribute);

test('a write-only value is found however deep it lies, known or not', () => {
  const users = { alice: { password: UNKNOWN, password_version: 1 }, bob: { password: 'x', password_version: 1 } };
  expect(paths({ helo_name: 'mail.example.com', submission_users: users })).toEqual(
    ['alice', 'bob'].map((name) => [
      { attribute_name: 'submission_users' },
      { element_key_string: name },
      { attribute_name: 'password' },
    ]),
  );
});

test('without one there is nothing to refuse', () => {
  expect(paths({ helo_name: 'mail.example.com', submission_users: null })).toEqual([]);
  expect(paths({ submission_users: UNKNOWN, relay_domains: ['a.test'] })).toEqual([]);
});
