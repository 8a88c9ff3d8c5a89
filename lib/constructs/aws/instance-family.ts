/**
 * Families that run on Xen, by AWS' list of hypervisors ("Instance types" of the EC2 guide); all others are Nitro. Their bare metal
 * sizes, and those of `i3`, have no hypervisor.
 */
const XEN = /^(t[12]|m[1-4]|c[134]|r[34]|x1e?|i[23]|d2|h1|f1|g2|g3s?|p[23]|cc[12]|cg1|cr1|hi1|hs1)\./;

/** Families with CPU credits: T2, T3, T3a, T4g. */
const BURSTABLE = /^t[2-9][a-z]*\./;

/**
 * Whether the instance type runs on Xen. There the machine cannot tell its EBS volumes apart: only NVMe devices, which Nitro has, show
 * the id of their volume as serial number.
 */
export function isXen(instanceType: string): boolean {
  return XEN.test(instanceType) && !instanceType.endsWith('.metal');
}

/** Whether the instance type saves and spends CPU credits. */
export function isBurstable(instanceType: string): boolean {
  return BURSTABLE.test(instanceType);
}
