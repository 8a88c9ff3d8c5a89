import { type AwsConditions, type ChangedAws, changedAws, realAws } from './aws/conditions';

/** What the lab's cloud and its internet are like. All times are seconds of the real world. */
export interface LabConditions {
  /**
   * What the lab divides all of its own times by: caches, AWS's waits, the numbers in zones that are not a customer's. What lasts
   * in the real world lasts in proportion here.
   */
  readonly timeFactor: number;
  /**
   * How long the public resolvers remember: `as served`, each in its own way; or everything for `a second` only, also what does not
   * exist.
   */
  readonly resolverCaches: 'as served' | 'a second';
  /**
   * Who tells the world about a zone that was made: its owner, `by the registrar` (`mailserver lab delegate`); or it is delegated
   * `at once`, without anybody.
   */
  readonly delegation: 'by the registrar' | 'at once';
  /**
   * Whether instances can send to port 25 at first: AWS lets nobody who has not asked its support (guide, "restriction on email sent
   * using port 25"; `mailserver lab port-25 open`).
   */
  readonly outboundPort25: 'closed' | 'open';
  readonly aws: AwsConditions;
}

/** Changes of conditions; what is left out stays. */
export interface ChangedConditions {
  readonly timeFactor?: number;
  readonly resolverCaches?: LabConditions['resolverCaches'];
  readonly delegation?: LabConditions['delegation'];
  readonly outboundPort25?: LabConditions['outboundPort25'];
  readonly aws?: ChangedAws;
}

/** As in the real world, in which nothing can be shortened. */
export const realConditions: LabConditions = {
  timeFactor: 1,
  resolverCaches: 'as served',
  delegation: 'by the registrar',
  outboundPort25: 'closed',
  aws: realAws,
};

/**
 * Those of a lab that nobody has said anything about: the real ones, in which a quarter of an hour takes 15 seconds. Two things differ,
 * and neither changes an order of events: Route 53 answers when a change is in sync, because the AWS provider's own pauses before it
 * asks (30 s for each record) cannot be shortened; and `example.com`, which all documents are about, can have a zone.
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
 * The default conditions with what the environment changes in them.
 * @throws when that is not JSON, or names what there is not.
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
