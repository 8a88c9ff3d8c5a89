import * as z from 'zod';
import { issueDiagnostic, wireDiagnostics } from '../../../lib/provider/framework/diagnostics';
import { checkProperties } from '../../../lib/provider/framework/validation';
import { UNKNOWN } from '../../../lib/provider/framework/values';
import { attributesOf } from '../../../lib/provider/framework/zod-attributes';

const name = z.string().refine((text) => text.includes('.'), { error: 'is not a full name; write host.example.com' });
const schema = z.strictObject({
  heloName: name,
  bindIpv4: name.optional(),
  hosts: z.array(name).max(2).optional(),
  domains: z.record(z.string(), z.strictObject({ relayTo: name.optional() })).optional(),
  secretKey: name.optional().meta({ sensitive: true }),
});
const attributes = attributesOf(schema);
const diagnostics = (value: unknown) => checkProperties(schema, value).map((issue) => issueDiagnostic(issue, attributes, value));

describe('checking settings', () => {
  it('says nothing about good ones', () => {
    expect(diagnostics({ heloName: 'mail.example.com', hosts: ['a.b'] })).toEqual([]);
  });

  it('points at the attribute and repeats the value', () => {
    expect(diagnostics({ heloName: 'mail' })).toEqual([
      {
        severity: 'error',
        summary: 'helo_name: is not a full name; write host.example.com',
        detail: 'helo_name: is not a full name; write host.example.com, got "mail"',
        attribute: [{ attribute_name: 'helo_name' }],
      },
    ]);
  });

  it('points into maps and lists', () => {
    const [list, map] = diagnostics({ heloName: 'a.b', hosts: ['a.b', 'c'], domains: { 'example.com': { relayTo: 'x' } } });
    expect(list?.attribute).toEqual([{ attribute_name: 'hosts' }, { element_key_int: 1 }]);
    expect(map?.attribute).toEqual([
      { attribute_name: 'domains' },
      { element_key_string: 'example.com' },
      { attribute_name: 'relay_to' },
    ]);
    expect(map?.summary).toContain('domains["example.com"].relayTo: ');
  });

  it('never repeats a secret', () => {
    expect(diagnostics({ heloName: 'a.b', secretKey: 'hunter2' })[0]?.detail).not.toContain('hunter2');
  });

  it.each([
    ['a value', { heloName: UNKNOWN }],
    ['an optional value', { heloName: 'a.b', bindIpv4: UNKNOWN }],
    ['an element', { heloName: 'a.b', hosts: [UNKNOWN] }],
    ['a whole map', { heloName: 'a.b', domains: UNKNOWN }],
    ['a value deep inside', { heloName: 'a.b', domains: { x: { relayTo: UNKNOWN } } }],
  ])('checks nothing where %s is known after apply', (_what, value) => {
    expect(diagnostics(value)).toEqual([]);
  });

  it('still checks what is known next to it', () => {
    expect(
      diagnostics({ heloName: 'mail', hosts: [UNKNOWN, 'c'], domains: { x: { relayTo: UNKNOWN } } }).map((one) => one.attribute),
    ).toEqual([[{ attribute_name: 'helo_name' }], [{ attribute_name: 'hosts' }, { element_key_int: 1 }]]);
  });

  it('goes over the wire as error 1 or warning 2', () => {
    const wire = wireDiagnostics([
      { severity: 'error', summary: 'a', detail: 'b', attribute: [{ attribute_name: 'x' }] },
      { severity: 'warning', summary: 'c', detail: 'd' },
    ]);
    expect(wire).toEqual([
      { severity: 1, summary: 'a', detail: 'b', attribute: { steps: [{ attribute_name: 'x' }] } },
      { severity: 2, summary: 'c', detail: 'd' },
    ]);
  });
});
