import type { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { TerraformElement, TerraformStack, Token } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { isWithin, normalizeName } from '../../dns';
import { clash, isSameRecord, type OwnedRecord, ownedRecords } from '../dns/record-owners';
import { factsOfZoneId } from './zone-facts';

/** Records that constructs of this package have made: their owners are known already. */
const ours = new WeakSet<IConstruct>();
const watched = new WeakMap<IConstruct, string[]>();

/** Notes that a record is one of ours. */
export function markAsOurs(record: IConstruct): void {
  ours.add(record);
}

/** Has synthesis look whether the author of the app writes records that ours in this stack, in these zones, cannot stand next to it. */
export function watchOwnRecords(scope: IConstruct, zones: readonly string[]): void {
  const stack = TerraformStack.of(scope);
  const known = watched.get(stack);
  if (known) {
    known.push(...zones);
    return;
  }
  const all = [...zones];
  watched.set(stack, all);
  stack.node.addValidation({ validate: () => clashesWithOwnRecords(stack, all) });
}

function clashesWithOwnRecords(stack: TerraformStack, zones: readonly string[]): string[] {
  const others = stack.node.root.node.findAll().filter((node) => isRecord(node) && !ours.has(node)) as Route53Record[];
  return others.flatMap((other) => {
    const record = asOwned(other);
    if (!record) return [];
    // `www` may stand for `www.example.com`, and the id of a zone does not tell its name.
    const candidates = record.zone.publicName === undefined ? [undefined, ...zones] : [record.zone.publicName];
    const names = new Set(candidates.map((zone) => absolute(record.name, zone)));
    return [...names].flatMap((name) =>
      ownedRecords(stack, name)
        .filter(({ scope }) => TerraformStack.of(scope) === stack)
        .filter((each) => isSameRecord(each, { ...record, name }))
        .map((each) => clash({ ...record, name }, each)),
    );
  });
}

function isRecord(node: IConstruct): boolean {
  return (
    TerraformElement.isTerraformElement(node) &&
    (node as { readonly terraformResourceType?: string }).terraformResourceType === 'aws_route53_record'
  );
}

/** What is known of it; a name or type that only the plan knows cannot be compared. */
function asOwned(record: Route53Record): OwnedRecord | undefined {
  const { nameInput: name, typeInput: type, zoneIdInput, provider } = record;
  if (typeof name !== 'string' || typeof type !== 'string' || Token.isUnresolved(name) || Token.isUnresolved(type))
    return undefined;
  const zone = factsOfZoneId(record, zoneIdInput, Construct.isConstruct(provider) ? provider : undefined);
  return { name, type, zone, owner: record.node.path, scope: record };
}

/** `www` in the zone example.com is `www.example.com`, as the AWS provider takes it. */
function absolute(name: string, zone: string | undefined): string {
  if (zone === undefined || isWithin(name, zone)) return name;
  return name === '' ? zone : `${normalizeName(name)}.${zone}`;
}
