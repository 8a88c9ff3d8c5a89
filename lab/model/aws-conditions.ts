import { amazonResolver } from './world-addresses';

/** How the lab's AWS behaves: what differs between accounts and days. All times are seconds of the real world. */
export interface AwsConditions {
  /** Whom AWS asks about the public DNS: an IPv4 address, maybe with a port. */
  readonly publicResolver: string;
  /** Reverse names of Elastic IPs: see rules/reverse_names.py. */
  readonly reverseNames: {
    /** How long a request is PENDING. */
    readonly seconds: number;
    /**
     * `judged`: by the A record in the public DNS. `failed`: every request fails with `reason`. `never`: every request stays
     * PENDING.
     */
    readonly outcome: 'judged' | 'failed' | 'never';
    readonly reason: string;
    /** How long after a reset is over the address is still not released. */
    readonly heldSeconds: number;
  };
  /** See rules/route53_changes.py. */
  readonly route53: {
    /** How long a change is PENDING at least; the world sees nothing of it before. */
    readonly inSyncSeconds: number;
    /** `at once`, with a ChangeInfo, as AWS does; or not before the change is `in sync`, so that nobody polls. */
    readonly answers: 'at once' | 'in sync';
    /** How long a zone takes no other change after one. See rules/route53_limits.py, also for what follows. */
    readonly takenInSeconds: number;
    readonly requestsPerSecond: number;
    readonly zones: number;
    readonly recordsPerZone: number;
    /** Names of which, and below which, no zone can be made. */
    readonly reservedNames: readonly string[];
  };
  readonly ec2: {
    /** Quotas of a region, see rules/quotas.py. */
    readonly addresses: number;
    readonly vpcs: number;
    readonly vcpus: number;
    /** The account is on AWS's free plan, see rules/launches.py. */
    readonly freePlan: boolean;
    /** Where nothing can be launched at the moment. */
    readonly zonesWithoutCapacity: readonly string[];
  };
}

/** Changes of conditions, as deep as one likes. */
export type ChangedAws = { readonly [K in keyof AwsConditions]?: Partial<AwsConditions[K]> };

/** What AWS does on an ordinary day. */
export const realAws: AwsConditions = {
  publicResolver: amazonResolver.ipv4,
  reverseNames: {
    seconds: 120,
    outcome: 'judged',
    reason: 'the lab refuses every reverse name',
    heldSeconds: 90,
  },
  route53: {
    inSyncSeconds: 20,
    answers: 'at once',
    takenInSeconds: 0.5,
    requestsPerSecond: 5,
    zones: 500,
    recordsPerZone: 10_000,
    reservedNames: ['example.com', 'example.net', 'example.org'],
  },
  ec2: { addresses: 5, vpcs: 5, vcpus: 5, freePlan: false, zonesWithoutCapacity: [] },
};

/** Conditions with some of them changed. */
export function changedAws(conditions: AwsConditions, changes: ChangedAws): AwsConditions {
  const entries = Object.entries(conditions).map(([name, value]) => {
    const change = changes[name as keyof AwsConditions];
    const whole = typeof value === 'object' && typeof change === 'object' ? { ...value, ...change } : (change ?? value);
    return [name, whole];
  });
  return Object.fromEntries(entries) as AwsConditions;
}
