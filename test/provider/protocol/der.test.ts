import { objectIdentifier, octetString, positiveInteger, sequence, time } from '../../../lib/provider/protocol/der';

const hex = (bytes: Buffer) => bytes.toString('hex');

describe('DER', () => {
  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65535, '0482ffff'],
  ])('writes a length of %i in as few bytes as possible', (length, head) => {
    expect(hex(octetString(Buffer.alloc(length)).subarray(0, head.length / 2))).toBe(head);
    expect(octetString(Buffer.alloc(length))).toHaveLength(head.length / 2 + length);
  });

  it.each([
    [[0], '020100'],
    [[0x7f], '02017f'],
    [[0x80], '02020080'],
    [[0, 0, 1], '020101'],
    [[0, 0xff, 0], '020300ff00'],
  ])('writes a positive number from %j', (bytes, expected) => {
    expect(hex(positiveInteger(Buffer.from(bytes)))).toBe(expected);
  });

  it.each([
    ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
    ['2.5.29.17', '0603551d11'],
    ['1.3.6.1.5.5.7.3.1', '06082b06010505070301'],
    ['1.2.840.113549', '06062a864886f70d'],
  ])('writes the object identifier %s', (text, expected) => {
    expect(hex(objectIdentifier(text))).toBe(expected);
  });

  it('writes times in the form of their century, and members in their order', () => {
    expect(
      time(Date.UTC(2026, 0, 2, 3, 4, 5, 678))
        .subarray(2)
        .toString(),
    ).toBe('260102030405Z');
    expect(
      time(Date.UTC(2050, 0, 2, 3, 4, 5))
        .subarray(2)
        .toString(),
    ).toBe('20500102030405Z');
    expect(hex(sequence(Buffer.from([1]), Buffer.from([2])))).toBe('30020102');
  });
});
