import { bitString, integer, oid, sequence, utcTime, utf8String } from '../../../lib/provider/protocol/der';

const hex = (buffer: Buffer) => buffer.toString('hex');

describe('DER', () => {
  it.each([
    ['an object identifier with large arcs', oid('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
    ['a small integer', integer(Buffer.from([2])), '020102'],
    ['an integer that would look negative', integer(Buffer.from([0x80])), '02020080'],
    ['bits with unused ones', bitString(Buffer.from([0xac]), 2), '030202ac'],
    ['a moment', utcTime(new Date('2026-11-22T19:04:05.678Z')), `170d${Buffer.from('261122190405Z').toString('hex')}`],
    ['a text', utf8String('ab'), '0c026162'],
  ])('writes %s', (_what, encoded, expected) => {
    expect(hex(encoded)).toBe(expected);
  });

  it.each([
    [0x7f, '307f'],
    [0x80, '308180'],
    [0xff, '3081ff'],
    [0x100, '30820100'],
  ])('writes a length of %i', (length, start) => {
    expect(hex(sequence(Buffer.alloc(length))).startsWith(start)).toBe(true);
  });
});
