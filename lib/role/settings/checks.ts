import type * as z from 'zod/mini';
import { group } from '../../settings/group';
import { hostPath } from '../../settings/host-path';
import { optional } from '../../settings/property';
import { text } from '../../settings/vocabulary';
import { whole } from '../../settings/whole';

/** Thresholds of the checks on the host, each a pair of names, where they are when nothing is said. */
const DEFAULTS = {
  queueWarning: 100,
  queueCritical: 500,
  queueAgeWarningHours: 4,
  queueAgeCriticalHours: 24,
  certificateWarningDays: 21,
  certificateCriticalDays: 7,
  signaturesWarningHours: 26,
  signaturesCriticalHours: 72,
  rulesWarningDays: 30,
  rulesCriticalDays: 90,
} as const;

type Threshold = keyof typeof DEFAULTS;

/** Every figure is a limit to stay below, only of a certificate it is time that is left. */
const PAIRS: readonly (readonly [lower: Threshold, higher: Threshold])[] = [
  ['queueWarning', 'queueCritical'],
  ['queueAgeWarningHours', 'queueAgeCriticalHours'],
  ['certificateCriticalDays', 'certificateWarningDays'],
  ['signaturesWarningHours', 'signaturesCriticalHours'],
  ['rulesWarningDays', 'rulesCriticalDays'],
];

const threshold = (about: string, name: Threshold) =>
  optional(whole({ unit: unitOf(name), min: 1, max: 1_000_000 }), `${about} Default: ${DEFAULTS[name]}.`);

const unitOf = (name: Threshold) => /(Hours|Days)$/.exec(name)?.[1]?.toLowerCase() ?? 'mails';

/** How often the checks run, what they find worth telling, and where they write it. */
export const checkSettings = group({
  intervalMinutes: optional(whole({ unit: 'minutes', min: 1, max: 60 }), 'Minutes between two runs of all checks. Default: 5.'),
  textfileDirectory: optional(
    text(hostPath),
    "Folder of Prometheus' node exporter, which must exist: `mailserver.prom` is written there too. Default: only /var/lib/mailserver/checks/metrics.prom.",
  ),
  queueWarning: threshold('Mails in the queue that are a WARNING.', 'queueWarning'),
  queueCritical: threshold('Mails in the queue that are CRITICAL.', 'queueCritical'),
  queueAgeWarningHours: threshold('Age of the oldest mail in the queue, in hours: WARNING.', 'queueAgeWarningHours'),
  queueAgeCriticalHours: threshold('Age of the oldest mail in the queue, in hours: CRITICAL.', 'queueAgeCriticalHours'),
  certificateWarningDays: threshold('Days before the certificate ends: WARNING.', 'certificateWarningDays'),
  certificateCriticalDays: threshold('Days before the certificate ends: CRITICAL.', 'certificateCriticalDays'),
  signaturesWarningHours: threshold('Age of the virus signatures, in hours: WARNING.', 'signaturesWarningHours'),
  signaturesCriticalHours: threshold('Age of the virus signatures, in hours: CRITICAL.', 'signaturesCriticalHours'),
  rulesWarningDays: threshold("Age of SpamAssassin's rules, in days: WARNING.", 'rulesWarningDays'),
  rulesCriticalDays: threshold("Age of SpamAssassin's rules, in days: CRITICAL.", 'rulesCriticalDays'),
}).check((context) => {
  const limits = checkLimits(context.value);
  for (const [lower, higher] of PAIRS) {
    if (limits[lower] < limits[higher]) continue;
    const message = `${lower} is ${limits[lower]} and ${higher} is ${limits[higher]}: ${lower} must be the smaller one`;
    context.issues.push({ code: 'custom', message, input: context.value });
  }
});

export type CheckSettings = z.infer<typeof checkSettings>;

/** The thresholds in use. */
export function checkLimits(settings: Partial<Record<Threshold, number | undefined>> = {}): Record<Threshold, number> {
  const given = Object.entries(settings).filter(([name, value]) => name in DEFAULTS && value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
