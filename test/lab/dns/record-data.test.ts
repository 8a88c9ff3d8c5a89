import { absoluteName } from '../../../lab/dns/names';
import { recordData } from '../../../lab/dns/record-data';

describe('the data of records', () => {
  it.each([
    ['MX', '10 mail.example.net', '10 mail.example.net.'],
    ['CNAME', 'Other.Example.net.', 'other.example.net.'],
    ['SRV', '0 1 587 mail.example.net', '0 1 587 mail.example.net.'],
    ['A', '198.51.100.25', '198.51.100.25'],
    ['CAA', '0 issue "ca.example"', '0 issue "ca.example"'],
    ['TXT', '"v=spf1 mx -all"', '"v=spf1 mx -all"'],
    ['TXT', 'v=spf1 mx -all', '"v=spf1 mx -all"'],
    ['TXT', '"one""two" "three"', '"one" "two" "three"'],
    ['TXT', '"a \\"b\\" \\\\ c"', '"a \\"b\\" \\\\ c"'],
    ['TXT', '"\\303\\244"', '"\\195\\164"'],
    ['TXT', '"ä"', '"\\195\\164"'],
    ['TXT', '""', '""'],
  ])('writes %s %s as %s', (type, value, expected) => {
    expect(recordData(type, value)).toBe(expected);
  });

  it('cuts a long text into strings of 255 bytes', () => {
    const strings = recordData('TXT', `"${'k'.repeat(600)}"`).split(' ');
    expect(strings.map((string) => string.length - 2)).toEqual([255, 255, 90]);
  });
});

describe('names', () => {
  it.each([
    ['Example.NET', 'example.net.'],
    ['\\052.example.net.', '*.example.net.'],
    ['a\\040b.example.net', 'a\\032b.example.net.'],
  ])('writes %s as %s', (name, expected) => {
    expect(absoluteName(name)).toBe(expected);
  });
});
