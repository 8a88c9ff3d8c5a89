/** Tests of your own stack: they take milliseconds and need neither Terraform nor a cloud. */

import { App, Testing } from 'cdktf';
import 'cdktf/lib/testing/adapters/jest';
import { MailserverRole } from 'cdktf-mailserver';
import { MailStack } from './mail-stack';

Testing.setupJest();

const synthesised = () => Testing.synth(new MailStack(new App(), 'mail'), true);

test('the host gets the name that the records have', () => {
  expect(synthesised()).toHaveResourceWithProperties(MailserverRole, { helo_name: 'mail.example.com' });
});

test('mail for example.com arrives at this host', () => {
  const { resource } = JSON.parse(synthesised());
  const records = Object.values(resource.aws_route53_record as Record<string, { type: string; records: string[] }>);
  expect(records.filter(({ type }) => type === 'MX').flatMap(({ records }) => records)).toEqual(['10 mail.example.com.']);
});

test('mails of more than 10 MB are refused', () => {
  expect(synthesised()).toHaveResourceWithProperties(MailserverRole, { message_size_limit: 10_000_000 });
});
