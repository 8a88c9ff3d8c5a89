import { walk } from '../../../lib/verify/dmarc/tree-walk';

// RFC 9989 4.10.
test.each([
  ['example.com', ['example.com', 'com']],
  ['Mail.Example.COM.', ['mail.example.com', 'example.com', 'com']],
  ['com', ['com']],
  ['a.b.c.d.e.f.g.h', ['a.b.c.d.e.f.g.h', 'b.c.d.e.f.g.h', 'c.d.e.f.g.h', 'd.e.f.g.h', 'e.f.g.h', 'f.g.h', 'g.h', 'h']],
  [
    'a.b.c.d.e.f.g.h.i.j.mail.example.com',
    [
      'a.b.c.d.e.f.g.h.i.j.mail.example.com',
      'g.h.i.j.mail.example.com',
      'h.i.j.mail.example.com',
      'i.j.mail.example.com',
      'j.mail.example.com',
      'mail.example.com',
      'example.com',
      'com',
    ],
  ],
])('a walk from %s asks at most eight names', (domain, expected) => {
  expect(walk(domain)).toEqual(expected);
});
