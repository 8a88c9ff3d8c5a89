import { UNKNOWN } from '../../../lib/provider/framework/values';
import { unreadMail } from '../../../lib/provider/role/unread-mail';
import { base, summaries, terraform } from '../support/role-terraform';

jest.spyOn(process.stderr, 'write').mockReturnValue(true);

const theirs = (text: string) => ({ files: { '/etc/mail/local-aliases': text } });

describe('mail that every host must take', () => {
  it.each<[string, Record<string, unknown>, Record<string, Record<string, string>> | null]>([
    ['nobody is named and there is no host yet', {}, null],
    ['the aliases of the stack name others', { localAliases: { list: ['a@example.com'] } }, null],
    ['the aliases of the service users name others', {}, theirs('list: a@example.com\n# root: a@example.com\n')],
    ['the stack has taken their aliases over', { localAliases: {} }, theirs('root: a@example.com\n')],
  ])('is reported in the plan when %s', (_when, settings, prior) => {
    const [told, ...others] = unreadMail(settings, prior);
    expect(told).toMatchObject({ severity: 'warning', attribute: [{ attribute_name: 'postmaster' }] });
    expect(told?.detail).toContain('/var/mail/root on the host, unless /etc/aliases there names somebody');
    expect(others).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, Record<string, Record<string, string>> | null]>([
    ['the stack names a reader', { postmaster: ['operations@example.com'] }, null],
    ['a reader is not known yet', { postmaster: UNKNOWN }, null],
    ['its aliases name one', { localAliases: { Root: ['operations@example.com'] } }, null],
    ['its aliases come from a file', { mapFiles: { localAliases: 'aliases' } }, null],
    ['its aliases are not known yet', { localAliases: UNKNOWN }, null],
    ['the aliases of the service users name one', {}, theirs('# name: target\npostmaster: a@example.com\n')],
  ])('is not a word of the plan when %s', (_when, settings, prior) => {
    expect(unreadMail(settings, prior)).toEqual([]);
  });

  it('is a warning next to the plan, which goes on', async () => {
    const { planned, diagnostics } = await terraform().plan({ ...base, postmaster: null });
    expect(planned.files).toMatchObject({ '/etc/name': 'MAIL.EXAMPLE.COM\n' });
    expect(summaries({ diagnostics })).toEqual(['warning: nobody reads the mail for postmaster, abuse and virusalert']);
  });
});
