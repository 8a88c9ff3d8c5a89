import { HostError, type HostErrorKind } from '../../host/host-error';
import { attributeSteps, type Diagnostic } from '../framework/diagnostics';
import { describeThrown, log } from '../protocol/log';
import type { AttributeStep } from '../protocol/messages';
import { roleAttributes } from './attributes';

const summaries: Readonly<Record<HostErrorKind, string>> = {
  privateKey: 'the private key cannot be used',
  unreachable: 'the mail host cannot be reached',
  authentication: 'the mail host refuses the login',
  hostKey: 'the mail host is not the one it was',
  jumpHostKey: 'the jump host is not the one it was',
  sudo: 'the login has no rights on the mail host',
  unsupportedOs: 'the mail host runs an unsupported system',
  connectionLost: 'the connection to the mail host broke',
  timeout: 'the mail host takes too long',
  aborted: 'stopped before the mail host was finished',
  busy: 'another apply is at work on the mail host',
  refused: 'the change was refused, the mail host keeps its old state',
  failed: 'the mail host could not be changed',
  rolledBack: 'the change failed and the mail host put its old state back',
  unwell: 'the change failed, the mail host went back, and not everything on it runs as before',
};

const paths: Partial<Readonly<Record<HostErrorKind, readonly string[]>>> = {
  privateKey: ['ssh', 'private_key_path'],
  unreachable: ['ssh', 'host'],
  authentication: ['ssh'],
  hostKey: ['ssh', 'host'],
  jumpHostKey: ['ssh', 'bastion', 'host'],
  sudo: ['ssh', 'user'],
  unsupportedOs: ['ssh', 'host'],
};

/** The kind of a host's trouble; `undefined` for a mistake of this program or of the settings. */
export const hostErrorKind = (thrown: unknown): HostErrorKind | undefined =>
  thrown instanceof HostError ? thrown.kind : undefined;

/** Whatever was thrown as what Terraform shows, at the attribute it concerns. */
export function thrownDiagnostic(thrown: unknown, severity: Diagnostic['severity'] = 'error', addition = ''): Diagnostic {
  const kind = hostErrorKind(thrown);
  if (!kind) log('debug', describeThrown(thrown));
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    severity,
    summary: kind ? summaries[kind] : 'the mail role refuses its settings',
    detail: addition ? `${message}. ${addition}` : message,
    attribute: kind ? paths[kind]?.map((name): AttributeStep => ({ attribute_name: name })) : attributeOf(thrown),
  };
}

/** Errors of the role may say which setting they are about. */
function attributeOf(thrown: unknown): readonly AttributeStep[] | undefined {
  const path = (thrown as { readonly path?: unknown } | null)?.path;
  if (!Array.isArray(path) || path.length === 0) return undefined;
  return attributeSteps(path as readonly (string | number)[], roleAttributes);
}
