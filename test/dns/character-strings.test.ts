import { characterStrings, route53Text, zoneFileText } from '../../lib/dns';

describe('text of any length', () => {
  test.each([
    ['nothing', '', [0]],
    ['one string', 'k'.repeat(255), [255]],
    ['one byte more', 'k'.repeat(256), [255, 1]],
    ['counted in bytes, not in characters', 'ü'.repeat(128), [255, 1]],
    ['a long key', 'k'.repeat(800), [255, 255, 255, 35]],
  ])('is cut into strings of at most 255 bytes: %s', (_, text, lengths) => {
    const strings = characterStrings(text);
    expect(strings.map(({ length }) => length)).toEqual(lengths);
    expect(Buffer.concat(strings).toString()).toBe(text);
  });

  test('stands in a zone file in quotes, other bytes by their decimal number', () => {
    expect(zoneFileText('say "hi", ü')).toBe('"say \\"hi\\", \\195\\188"');
    expect(zoneFileText('k'.repeat(256))).toBe(`"${'k'.repeat(255)}" "k"`);
  });

  test('stands in Route 53 with the outermost quotes left out, other bytes by their octal number', () => {
    expect(route53Text('say "hi", ü')).toBe('say \\"hi\\", \\303\\274');
    expect(route53Text('k'.repeat(256))).toBe(`${'k'.repeat(255)}""k`);
  });
});
