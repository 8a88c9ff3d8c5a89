import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformElement, type TerraformProvider, TerraformStack, Token, Tokenization } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { zoneName } from '../dns/record-settings';
import type { ZoneFacts } from '../dns/zone-facts';
import { defaultAwsProvider } from '../resources/aws-of-stack';

/** What is known of the zone that an id belongs to: a literal, or the attribute of a resource or data source in any stack of the app. */
export function factsOfZoneId(scope: IConstruct, id: unknown, provider?: TerraformProvider): ZoneFacts {
  if (typeof id !== 'string') return {};
  if (!Token.isUnresolved(id)) return { id };
  const target = targetOf(id);
  if (!target) return {};
  const zone = elementAt(target);
  const account = accountOf(zone ?? scope, providerOf(zone) ?? provider);
  return { ...factsOfElement(zone), reference: `${target.stack.node.path} ${target.address}`, account };
}

/** What tells an account from another one in the configuration of its provider; undefined where only the plan knows. */
export function accountOf(scope: IConstruct, given?: TerraformProvider): string | undefined {
  const provider = (given ?? defaultAwsProvider(scope)) as AwsProvider | undefined;
  if (!provider) return undefined;
  const { profile, assumeRole, allowedAccountIds, accessKey } = provider;
  const facts = JSON.stringify([profile, assumeRole, allowedAccountIds, accessKey]);
  return facts.includes('TfToken[') ? undefined : facts;
}

interface Target {
  readonly stack: TerraformStack;
  /** `aws_route53_zone.dns_example`, of a data source with `data.` before it. */
  readonly address: string;
}

function targetOf(token: string): Target | undefined {
  const [first, ...others] = Tokenization.reverseString(token).tokens;
  if (!first || others.length > 0) return undefined;
  const { identifier, originStack } = first as { readonly identifier?: unknown; readonly originStack?: unknown };
  if (typeof identifier !== 'string' || !(originStack instanceof TerraformStack)) return undefined;
  return { stack: originStack, address: identifier.replace(/\.(zone_id|id)$/, '') };
}

function elementAt({ stack, address }: Target): IConstruct | undefined {
  const name = address.replace(/^data\./, '');
  return stack.node.findAll().find((node) => {
    if (!TerraformElement.isTerraformElement(node)) return false;
    const { terraformResourceType: type } = node as { readonly terraformResourceType?: string };
    return `${type}.${node.friendlyUniqueId}` === name;
  });
}

/** A private zone of the same name is another one, and so is one whose name only the plan knows. */
function factsOfElement(zone: IConstruct | undefined): ZoneFacts {
  const { nameInput, zoneIdInput, vpcInput, vpcIdInput, privateZoneInput } = (zone ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof zoneIdInput === 'string' && !Token.isUnresolved(zoneIdInput)) return { id: zoneIdInput };
  const isPublic = vpcInput === undefined && vpcIdInput === undefined && !privateZoneInput;
  return typeof nameInput === 'string' && !Token.isUnresolved(nameInput) && isPublic ? { publicName: zoneName(nameInput) } : {};
}

function providerOf(zone: IConstruct | undefined): TerraformProvider | undefined {
  const { provider } = (zone ?? {}) as { readonly provider?: unknown };
  return Construct.isConstruct(provider) ? (provider as unknown as TerraformProvider) : undefined;
}
