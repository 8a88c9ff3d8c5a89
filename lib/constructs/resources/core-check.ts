import { readFileSync } from 'node:fs';
import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { installedFile } from '../../installer/installed-file';

/** A stack of another core than the one this package is written against; its elements cannot be mixed with ours. */
export function foreignCore(scope: IConstruct, stackVersion: string, ownVersion: string): Error {
  return new Error(
    `the stack of ${scope.node.path} is made by another CDK core (version ${stackVersion}) than cdktf-mailserver uses (cdktf ${ownVersion}). ` +
      'On CDK Terrain, let npm give us the same core under its old name, in package.json:\n' +
      '  "cdktf": "npm:cdktn@^0.24",\n' +
      '  "@cdktf/provider-aws": "npm:@cdktn/provider-aws@^25"',
  );
}

/**
 * Finds a stack made by another core early: synthesis would die in the middle of it with a message that names neither. Several
 * copies of the same version get along.
 */
export function checkCore(scope: IConstruct, stack: TerraformStack): void {
  if (stack instanceof TerraformStack) return;
  const own = JSON.parse(readFileSync(installedFile('cdktf/package.json'), 'utf8')).version as string;
  const theirs = String((stack as TerraformStack).node.tryGetContext('cdktfVersion') ?? 'unknown');
  if (theirs !== own) throw foreignCore(scope, theirs, own);
}
