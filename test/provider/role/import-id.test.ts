import { importState } from '../../../lib/provider/role/import-id';

describe('importing a host by its address', () => {
  it.each([
    ['198.51.100.25', '198.51.100.25:22', { host: '198.51.100.25', port: null, user: null, private_key_path: null }, null],
    [
      'admin@198.51.100.25:2222',
      '198.51.100.25:2222',
      { host: '198.51.100.25', port: 2222, user: 'admin', private_key_path: null },
      null,
    ],
    [
      'mail.example.com#i-0abc',
      'mail.example.com:22',
      { host: 'mail.example.com', port: null, user: null, private_key_path: null },
      'i-0abc',
    ],
    [
      'root@[2001:db8::25]:22',
      '[2001:db8::25]:22',
      { host: '2001:db8::25', port: 22, user: 'root', private_key_path: null },
      null,
    ],
    [
      'admin@mail.example.com?private_key_path=~/.ssh/mail#i-1',
      'mail.example.com:22',
      { host: 'mail.example.com', port: null, user: 'admin', private_key_path: '~/.ssh/mail' },
      'i-1',
    ],
    [
      'admin@10.0.0.25?private_key_path=~/.ssh/mail&bastion=ops@jump.example.com:2222',
      '10.0.0.25:22',
      {
        host: '10.0.0.25',
        port: null,
        user: 'admin',
        private_key_path: '~/.ssh/mail',
        bastion: { host: 'jump.example.com', port: 2222, user: 'ops', private_key_path: '~/.ssh/mail' },
      },
      null,
    ],
  ])('understands %s', (text, id, ssh, instance) => {
    const privateState = instance ? { unseen: true } : { unnamed: true, unseen: true };
    expect(importState(text)).toEqual({ state: { id, ssh, instance_id: instance }, privateState, diagnostics: [] });
  });

  it.each([
    '',
    'a@b@c',
    '2001:db8::25',
    'host:0',
    'host:65536',
    'host:ssh',
    'two words',
    'host?key=a',
    'host?bastion=',
    'host?bastion=jump:0',
  ])('refuses %j with the form and an example', (text) => {
    const { state, diagnostics } = importState(text);
    expect(state).toBeNull();
    expect(diagnostics[0]?.detail).toContain('[USER@]HOST[:PORT]');
    expect(diagnostics[0]?.detail).toContain('admin@198.51.100.25:22');
  });
});
