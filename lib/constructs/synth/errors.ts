import type { IConstruct } from 'constructs';

/** How cdktf writes what only Terraform knows; it tells nobody anything. */
const rawToken = /[$#&]\{TfToken\[[^\]]*\]\}/g;

/** An error of the stack's author, found before anything is planned: what is wrong, the value, the likely fix, and where. */
export class MailServerInputError extends Error {
  override readonly name = 'MailServerInputError';

  /** @param scope the construct that was given the wrong input, or the name of what is none; where it is ends the message */
  constructor(scope: IConstruct | string, message: string) {
    super(`${message.replace(rawToken, 'known after apply')} (at ${typeof scope === 'string' ? scope : scope.node.path})`);
  }
}

/** Values of the settings that break their schema; `problems` are lines `path: what is wrong`. */
export function settingsInvalid(scope: IConstruct, problems: readonly string[]): Error {
  return new MailServerInputError(
    scope,
    problems.length === 1 ? `${problems[0]}` : `${problems.length} settings are wrong:\n${list(problems)}\n`,
  );
}

/** Names and records that the rules of mail DNS refuse. */
export function namesInvalid(scope: IConstruct, problems: readonly string[]): Error {
  const message = problems.length === 1 ? `${problems[0]}` : `${problems.length} names are wrong:\n${list(problems)}\n`;
  return new MailServerInputError(scope, message);
}

/** A record whose name is in no zone of the DNS construct. */
export function noZoneForRecord(scope: IConstruct, type: string, name: string, zones: readonly string[]): Error {
  const known = zones.length === 0 ? 'none' : [...zones].sort().join(', ');
  return new MailServerInputError(scope, `${type} record '${name}' is in none of the zones (${known}): add its zone to zones`);
}

/** A value that has to be known when the stack is synthesised, but is a token. */
export function literalRequired(scope: IConstruct, property: string, reason: string): Error {
  return new MailServerInputError(scope, `${property} is only known after apply; ${reason}`);
}

/** Something that is not the public half of an SSH key. The text is never repeated: it may hold a secret. */
export function publicKeyInvalid(scope: IConstruct, property: string, problem: string): Error {
  return new MailServerInputError(
    scope,
    `${property}: ${problem}; use the content of the .pub file, one line such as "ssh-ed25519 AAAA… name"`,
  );
}

/** The text of a private key where its path belongs. The text is never repeated. */
export function privateKeyAsPath(scope: IConstruct): Error {
  return new MailServerInputError(
    scope,
    'connection.privateKeyPath holds the text of a key; give the path of the file, e.g. ~/.ssh/id_ed25519, so that the key stays out of plan and state',
  );
}

/** A secret as text in the program, from where it would get into cdk.tf.json. The text is never repeated. */
export function secretInProgram(scope: IConstruct, property: string): Error {
  return new MailServerInputError(
    scope,
    `${property} is a literal string, which would be readable in cdk.tf.json: take it from a sensitive, ephemeral TerraformVariable or another token, and change it where it is by now`,
  );
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}`).join('\n');
}
