import type { Diagnostic } from '../framework/diagnostics';
import type { StateResult } from '../framework/resource';
import type { TerraformObject } from '../framework/values';
import { addressOf } from './machine-identity';
import { unnamedNotes } from './private-notes';

const syntax = '[USER@]HOST[:PORT][?private_key_path=PATH][#INSTANCE-ID]';

/** `admin@198.51.100.25:22?private_key_path=~/.ssh/mail#i-0abc`; an IPv6 address stands in brackets. */
const form =
  /^(?:(?<user>[^@?#]+)@)?(?<host>\[[0-9a-fA-F:.]+\]|[^@:[\]?#\s]+)(?::(?<port>\d+))?(?:\?private_key_path=(?<key>[^#]+))?(?:#(?<instance>.+))?$/;

/** The state that an import starts from: the way to the host and nothing else. The refresh that follows looks at the host. */
export function importState(id: string): StateResult {
  const { user, host, port, key, instance } = form.exec(id)?.groups ?? {};
  if (!host || (port !== undefined && (Number(port) < 1 || Number(port) > 65535))) {
    return { state: null, diagnostics: [badId(id)] };
  }
  const ssh = {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? null : Number(port),
    user: user ?? null,
    private_key_path: key ?? null,
  };
  const state: TerraformObject = {
    id: addressOf({ host: ssh.host, port: ssh.port ?? undefined }),
    ssh,
    instance_id: instance ?? null,
  };
  return { state, privateState: instance === undefined ? unnamedNotes : {}, diagnostics: [] };
}

const badId = (id: string): Diagnostic => ({
  severity: 'error',
  summary: 'a mail host is imported by its address',
  detail: `${JSON.stringify(id)} is not of the form ${syntax}, e.g. admin@198.51.100.25:22 or admin@[2001:db8::25]#i-0abc1234.`,
});
