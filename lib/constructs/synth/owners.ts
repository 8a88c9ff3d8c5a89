import type { IConstruct } from 'constructs';

/** What may exist once in an app, by what tells it from others, with the construct that has it. */
const ofApp = new WeakMap<IConstruct, Map<unknown, IConstruct>>();

/**
 * Gives `scope` the only right to `thing`: a text such as `helo mail.example.com`, or an object.
 *
 * @returns the construct that has it already, in any stack of the app; undefined when it was free
 */
export function formerOwner(scope: IConstruct, thing: unknown): IConstruct | undefined {
  const { root } = scope.node;
  const owners = ofApp.get(root) ?? new Map<unknown, IConstruct>();
  ofApp.set(root, owners);
  const owner = owners.get(thing);
  if (owner !== undefined && owner !== scope && isInTree(owner)) return owner;
  owners.set(thing, scope);
  return undefined;
}

/** Whether a construct is still where it was made: `tryRemoveChild` takes it out. */
export function isInTree(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && isInTree(scope));
}
