import { join } from 'node:path';
import { TerraformProvider, TerraformStack } from 'cdktf';
import { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer';
import type { Construct } from 'constructs';
import { installProvider } from '../../installer/install-provider';
import { packageInfo } from '../../installer/package-info';
import { providerSource, providerType } from '../../installer/provider-address';
import { resolverSettings } from '../../provider/dns/settings';
import { checkSettings } from '../synth/check-settings';
import { ownTokens } from '../synth/own-tokens';
import { checkCore } from './core-check';
import { keepState } from './kept-state';

export interface MailserverProviderConfig {
  /**
   * Terraform's alias, for a stack with several configurations of the provider.
   *
   * @default - the default configuration
   */
  readonly alias?: string;

  /**
   * Resolvers that are asked about DNS in addition to the authoritative servers: addresses, maybe with a port.
   *
   * @default - those of the environment variable MAILSERVER_RESOLVERS, else those of the machine where Terraform runs, and public ones
   */
  readonly resolvers?: string[];
}

/** The Terraform provider of this package. A stack gets it by itself, see {@link providerOf}. */
export class MailserverProvider extends TerraformProvider {
  static readonly tfResourceType = providerType;

  constructor(
    scope: Construct,
    id: string,
    private readonly config: MailserverProviderConfig = {},
  ) {
    const stack = TerraformStack.of(scope);
    checkCore(scope, stack);
    const { version } = packageInfo();
    super(scope, id, {
      terraformResourceType: providerType,
      terraformGeneratorMetadata: { providerName: providerType, providerVersion: version, providerVersionConstraint: version },
      terraformProviderSource: providerSource,
    });
    checkSettings(this, resolverSettings, { resolvers: config.resolvers });
    addCustomSynthesis(this, {
      onSynthesize: (session) => {
        const { workingDirectory } = session.manifest.forStack(stack);
        keepState(stack, session.outdir, workingDirectory);
        installProvider(stack, join(session.outdir, workingDirectory));
      },
    });
  }

  override get alias(): string | undefined {
    return this.config.alias;
  }

  override set alias(_alias: string | undefined) {
    throw new Error('the alias of a MailserverProvider is given to its constructor');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { alias: this.alias, resolvers: ownTokens(resolverSettings, { resolvers: this.config.resolvers }).resolvers };
  }
}

/** The provider of a scope's stack; the first call in a stack creates it, so that nobody has to. */
export function providerOf(scope: Construct): MailserverProvider {
  const stack = TerraformStack.of(scope);
  checkCore(scope, stack);
  const existing = stack.node.children.find(isDefaultProvider) ?? stack.node.findAll().find(isDefaultProvider);
  return (existing as MailserverProvider | undefined) ?? new MailserverProvider(stack, 'MailserverProvider');
}

function isDefaultProvider(construct: unknown): boolean {
  return (
    TerraformProvider.isTerraformProvider(construct) &&
    construct.terraformResourceType === providerType &&
    construct.alias === undefined
  );
}
