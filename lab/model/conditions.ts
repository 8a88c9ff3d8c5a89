import { type AwsConditions, type ChangedAws, changedAws, realAws } from './aws-conditions';

/** What the lab's cloud and its internet are like. All times are seconds of the real world. */
export interface LabConditions {
  /**
   * The lab divides all of its own times by this: caches, AWS's waits, the times to live in zones that are not a customer's. So
   * everything takes as long as in the real world, in proportion.
   */
  readonly timeFactor: number;
  /** How long the public resolvers remember an answer: `as served`, each in its own way, or at most for `a second`. */
  readonly resolverCaches: 'as served' | 'a second';
  /**
   * How a new zone becomes known to the world: its owner enters its name servers `by the registrar` (`mailserver lab delegate`), or it is
   * delegated `at once`.
   */
  readonly delegation: 'by the registrar' | 'at once';
  /**
   * Whether instances can send to port 25 at first. At AWS they cannot until its support has agreed (guide, "restriction on email sent
   * using port 25"; `mailserver lab port-25 open`).
   */
  readonly outboundPort25: 'closed' | 'open';
  /**
   * Which packages a new instance has: only those `of the image`, or those `of the role` too. A push then installs none, which saves
   * a minute where installing is not the point.
   */
  readonly instancePackages: 'of the image' | 'of the role';
  readonly aws: AwsConditions;
}

/** Changes to conditions; what is left out stays as it is. */
export interface ChangedConditions {
  readonly timeFactor?: number;
  readonly resolverCaches?: LabConditions['resolverCaches'];
  readonly delegation?: LabConditions['delegation'];
  readonly outboundPort25?: LabConditions['outboundPort25'];
  readonly instancePackages?: LabConditions['instancePackages'];
  readonly aws?: ChangedAws;
}

/** Those of the real world, where nothing can be shortened. */
export const realConditions: LabConditions = {
  timeFactor: 1,
  resolverCaches: 'as served',
  delegation: 'by the registrar',
  outboundPort25: 'closed',
  instancePackages: 'of the image',
  aws: realAws,
};

/**
 * The default: the real ones, but a quarter of an hour takes 15 seconds. Two things differ, and neither changes the order of events. Route
 * 53 answers only when a change is in sync, because the AWS provider's own pauses (30 s for each record) cannot be shortened. And
 * `example.com`, the domain of all our documents, can have a zone.
 */
export const defaultConditions: LabConditions = changedConditions(realConditions, {
  timeFactor: 60,
  aws: {
    route53: {
      answers: 'in sync',
      reservedNames: realAws.route53.reservedNames.filter((name) => name !== 'example.com'),
    },
  },
});

/** Conditions with some of them changed. */
export function changedConditions(conditions: LabConditions, changes: ChangedConditions): LabConditions {
  return { ...conditions, ...changes, aws: changedAws(conditions.aws, changes.aws ?? {}) };
}

/** A time in the lab, in whole seconds: at least one. */
export function shortened(seconds: number, timeFactor: number): number {
  return Math.max(1, Math.round(seconds / timeFactor));
}

/** The variable that changes the conditions of every lab that is brought up, as JSON: `{"resolverCaches":"as served"}`. */
const variable = 'MAILSERVER_LAB_CONDITIONS';

/**
 * The default conditions with the changes of the environment.
 * @throws if that is not JSON, or names a condition that does not exist.
 */
export function conditionsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): LabConditions {
  const text = environment[variable];
  if (!text) return defaultConditions;
  let changes: unknown;
  try {
    changes = JSON.parse(text);
  } catch (error) {
    throw new Error(`${variable} is not JSON: ${(error as Error).message}`);
  }
  checkLike(changes, defaultConditions, variable);
  return changedConditions(defaultConditions, changes as ChangedConditions);
}

/** Every part of `value` has to be there in `model`, and be of the same kind. */
function checkLike(value: unknown, model: unknown, path: string): void {
  const kind = (one: unknown) => (Array.isArray(one) ? 'list' : typeof one);
  if (kind(value) !== kind(model)) throw new Error(`${path} is a ${kind(value)}; it must be a ${kind(model)}`);
  if (kind(model) !== 'object') return;
  for (const [name, part] of Object.entries(value as object)) {
    const known = Object.keys(model as object);
    if (!known.includes(name)) throw new Error(`${path} has "${name}"; there are: ${known.join(', ')}`);
    checkLike(part, (model as Record<string, unknown>)[name], `${path}.${name}`);
  }
}
