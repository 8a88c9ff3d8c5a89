import { conditionsFromEnvironment, defaultConditions, shortened } from '../../../lab/model/conditions';

const from = (text: string) => conditionsFromEnvironment({ MAILSERVER_LAB_CONDITIONS: text });

describe('the conditions of a lab', () => {
  it('are the default ones where the environment says nothing', () => {
    expect(conditionsFromEnvironment({})).toBe(defaultConditions);
  });

  it('are changed by the environment as deep as it names them, and nowhere else', () => {
    expect(from('{"timeFactor":30,"aws":{"reverseNames":{"outcome":"never"}}}')).toEqual({
      ...defaultConditions,
      timeFactor: 30,
      aws: { ...defaultConditions.aws, reverseNames: { ...defaultConditions.aws.reverseNames, outcome: 'never' } },
    });
  });

  it.each([
    ['{', /MAILSERVER_LAB_CONDITIONS is not JSON/],
    ['{"factor":30}', /MAILSERVER_LAB_CONDITIONS has "factor"; there are: timeFactor, /],
    ['{"aws":{"reverseNames":{"second":1}}}', /MAILSERVER_LAB_CONDITIONS\.aws\.reverseNames has "second"/],
    ['{"timeFactor":"30"}', /MAILSERVER_LAB_CONDITIONS\.timeFactor is a string; it must be a number/],
    ['[]', /is a list; it must be a object/],
  ])('are refused when the environment says %s', (text, message) => {
    expect(() => from(text)).toThrow(message);
  });
});

it.each([
  [900, 60, 15],
  [300, 60, 5],
  [20, 60, 1],
  [86_400, 1, 86_400],
])('%d seconds of the world, divided by %d, are %d of the lab, and never less than one', (real, factor, lab) => {
  expect(shortened(real, factor)).toBe(lab);
});
