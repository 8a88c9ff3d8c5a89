import { MAIL_DIRECTORY } from '../../role/paths';
import type { Diagnostic } from '../framework/diagnostics';
import { isObject, type TerraformObject, UNKNOWN } from '../framework/values';

const FILE = `${MAIL_DIRECTORY}/local-aliases`;
/** An alias of one of those whom all the others lead to. */
const READER = /^"?(postmaster|root)"?\s*:/im;

/**
 * Mail that every host must take and that ends in the mailbox of root, where nobody reads it: neither the stack nor the aliases of the
 * service users, as the last refresh saw them, name somebody.
 */
export function unreadMail(settings: Readonly<Record<string, unknown>>, prior: TerraformObject | null | undefined): Diagnostic[] {
  const { postmaster, localAliases, mapFiles } = settings;
  const isFromFile = mapFiles === UNKNOWN || (isObject(mapFiles) && mapFiles.localAliases !== undefined);
  // The lines of a file are not looked at here.
  if (postmaster !== undefined || localAliases === UNKNOWN || isFromFile) return [];
  const files = prior?.files;
  const theirs = isObject(files) ? files[FILE] : undefined;
  const lines = isObject(localAliases) ? Object.keys(localAliases).map((name) => `${name}:`) : [theirs];
  if (lines.some((line) => typeof line === 'string' && READER.test(line))) return [];
  return [
    {
      severity: 'warning',
      summary: 'nobody reads the mail for postmaster, abuse and virusalert',
      detail: `It ends in /var/mail/root on the host, unless /etc/aliases there names somebody: complaints, notices of viruses and mail that could not be delivered. Name who reads it, e.g. postmaster: ['operations@example.com'].`,
      attribute: [{ attribute_name: 'postmaster' }],
    },
  ];
}
