import { exactVersion, satisfies } from '../../lib/installer/version-constraint';

describe('version constraints', () => {
  it.each([
    ['5.100.0', '5.100.0'],
    ['= 5.100.0', '5.100.0'],
    ['v1.2.3-beta1', '1.2.3-beta1'],
    ['5.100', undefined],
    ['~> 5.100', undefined],
    ['>= 5.0, < 6.0', undefined],
  ])('%s allows exactly %s', (constraint, version) => {
    expect(exactVersion(constraint)).toBe(version);
  });

  it.each([
    ['5.100.0', '5.100.0', true],
    ['5.100.1', '5.100.0', false],
    ['5.100.1', '~> 5.100', true],
    ['6.0.0', '~> 5.100', false],
    ['5.99.0', '~> 5.100', false],
    ['5.100.7', '~> 5.100.2', true],
    ['5.101.0', '~> 5.100.2', false],
    ['5.100.0', '>= 5.0, < 6.0', true],
    ['6.0.0', '>= 5.0, < 6.0', false],
    ['5.100.0', '!= 5.100.0', false],
    ['5.100.0', '> 5.100.0', false],
    ['5.100.0', '<= 5.100.0', true],
    ['5.100.0', 'whatever', true],
  ])('%s under %s: %s', (version, constraint, allowed) => {
    expect(satisfies(version, constraint)).toBe(allowed);
  });
});
