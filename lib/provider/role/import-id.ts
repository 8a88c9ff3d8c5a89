import { connectionSettings } from '../../host/connection-settings';
import type { Diagnostic } from '../framework/diagnostics';
import type { StateResult } from '../framework/resource';
import type { TerraformObject } from '../framework/values';
import { addressOf } from './machine-identity';
import { importNotes } from './private-notes';

/** How a host is named to `terraform import`. */
export const importSyntax = '[USER@]HOST[:PORT][?private_key_path=PATH][&bastion=[USER@]HOST[:PORT]][#INSTANCE-ID]';

/** `admin@198.51.100.25:22?private_key_path=~/.ssh/mail&bastion=jump.example.com#i-0abc`. */
const form = /^(?<server>[^?#]+)(?:\?(?<query>[^#]+))?(?:#(?<instance>.+))?$/;
/** An IPv6 address stands in brackets. */
const serverForm = /^(?:(?<user>[^@]+)@)?(?<host>\[[0-9a-fA-F:.]+\]|[^@:[\]\s]+)(?::(?<port>\d+))?$/;
const queryForm = /^(?<name>private_key_path|bastion)=(?<value>.+)$/;

/** The state that an import starts from: the way to the host and nothing else. The refresh that follows looks at the host. */
export function importState(id: string): StateResult {
  const { server = '', query, instance } = form.exec(id)?.groups ?? {};
  const host = sshServer(server);
  const options = new Map<string, string>();
  for (const part of query?.split('&') ?? []) {
    const { name, value } = queryForm.exec(part)?.groups ?? {};
    if (!name || !value || options.has(name)) return refused(id);
    options.set(name, value);
  }
  const key = options.get('private_key_path') ?? null;
  const jump = options.get('bastion');
  const bastion = jump === undefined ? undefined : sshServer(jump);
  if (!host || (jump !== undefined && !bastion)) return refused(id);
  const problem = connectionProblem(host, bastion, key);
  if (problem !== undefined) return refused(id, problem);
  const state: TerraformObject = {
    id: addressOf({ host: host.host, port: host.port ?? undefined }),
    ssh: { ...host, private_key_path: key, ...(bastion && { bastion: { ...bastion, private_key_path: key } }) },
    instance_id: instance ?? null,
  };
  return { state, privateState: importNotes(instance !== undefined), diagnostics: [] };
}

interface Server {
  readonly host: string;
  readonly port: number | null;
  readonly user: string | null;
}

function sshServer(text: string): Server | undefined {
  const { user, host, port } = serverForm.exec(text)?.groups ?? {};
  if (!host || (port !== undefined && (Number(port) < 1 || Number(port) > 65535))) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? null : Number(port), user: user ?? null };
}

/** What a configuration may not say, an import does not take either. */
function connectionProblem(host: Server, bastion: Server | undefined, key: string | null): string | undefined {
  const endpoint = ({ host, port, user }: Server) => ({
    host,
    ...(port !== null && { port }),
    ...(user !== null && { user }),
    ...(key !== null && { privateKeyPath: key }),
  });
  const settings = { ...endpoint(host), ...(bastion && { bastion: endpoint(bastion) }) };
  return connectionSettings.safeParse(settings).error?.issues[0]?.message;
}

const refused = (id: string, problem?: string): StateResult => ({ state: null, diagnostics: [badId(id, problem)] });

const badId = (id: string, problem?: string): Diagnostic => ({
  severity: 'error',
  summary: 'a mail host is imported by its address',
  detail: `${JSON.stringify(id)} is not of the form ${importSyntax}, e.g. admin@198.51.100.25:22 or admin@[2001:db8::25]#i-0abc1234${problem === undefined ? '' : `: ${problem}`}.`,
});
