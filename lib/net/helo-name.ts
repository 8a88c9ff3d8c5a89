import type { Problem } from '../settings/vocabulary';
import { nameProblem } from './domain-name';

/** Names under which clouds know an address; a PTR cannot be set in a zone of theirs, and receivers take them for dial-up hosts. */
const PROVIDER_NAME = /(^ip-\d+-|^ec2-\d+-|\.compute(-\d+)?\.(amazonaws\.com|internal)$|\.internal$|\.amazonaws\.com$)/i;

const LOCAL_NAME = /(^|\.)(localhost|localdomain|local|lan|home|home\.arpa|invalid)$/i;

/** The HELO name: a full name (RFC 5321 4.1.1.1) that A record, PTR and MX can carry. */
export const heloName: Problem = (value) => {
  const problem = nameProblem('HELO name', value);
  if (problem !== undefined) return problem;
  if (LOCAL_NAME.test(value))
    return `'${value}' is not a HELO name: it means something on this network only. Give a name that DNS resolves`;
  if (!value.includes('.')) {
    return `'${value}' is not a HELO name: it has no dot. Give the full name, e.g. ${value}.example.com`;
  }
  if (PROVIDER_NAME.test(value)) {
    return `'${value}' is a name of the cloud provider: its PTR cannot be made to match. Give a name in a zone of yours, e.g. mail.example.com`;
  }
  return undefined;
};
