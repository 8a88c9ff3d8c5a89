import { nameSeconds } from '../../lib/provider/aws/reverse-name';
import { type Address, type NameState, refusalOf, type Zone } from './aws';
import { until } from './clock';
import { ADDRESS_KEY, type Context, learner, makeRecord, seconds } from './context';
import { namesOf } from './dns';

const STEP = 'Reverse names';
/** As long as an apply waits: what takes longer would make it fail. Seconds. */
const LONGEST = nameSeconds;

/** Allocates the address that the next steps work on. */
export async function allocate(context: Context): Promise<Address> {
  const { aws, journal, run, report } = context;
  journal.willMake(ADDRESS_KEY, { kind: 'address', run, region: aws.region });
  const address = await aws.allocate(run);
  learner(report, STEP)('the address of this run', address.address);
  return address;
}

/** What AWS does with reverse names: refuses, sets, takes away, and how long each of it takes. */
export async function reverseNames(context: Context, zone: Zone, address: Address): Promise<void> {
  const { run, zoneName, report } = context;
  const learned = learner(report, STEP);
  const name = `ptr.${run}.${zoneName}`;

  const refused = await set(context, address, name);
  learned('a name whose A record is missing', refused.text, !refused.isSet);

  const made = await makeRecord(context, zone, { name, type: 'A', ttl: 60, value: address.address });
  learned('its A record is INSYNC', made.value ? seconds(made.seconds) : 'not within 10 minutes', Boolean(made.value));

  for (const [title, written] of [
    ['without final dot', name],
    ['with final dot', `${name}.`],
  ] as const) {
    const done = await set(context, address, written);
    learned(`a name ${title}`, done.text, done.isSet);
    if (!done.isSet) continue;
    const seen = await world(context, address.address, name);
    learned(
      `a name ${title}: all resolvers agree`,
      seen === undefined ? `not within ${LONGEST} s` : seconds(seen),
      seen !== undefined,
    );
    await takeAway(context, address, learned, title);
  }
}

/** Sets a name and watches until AWS has decided. */
async function set(
  { aws, clock, signal }: Context,
  { allocationId }: Address,
  name: string,
): Promise<{ isSet: boolean; text: string }> {
  const states: string[] = [];
  const note = (state: NameState) => {
    const text = stateText(state);
    if (states.at(-1) !== text) states.push(text);
    return state;
  };
  try {
    note(await aws.setName(allocationId, name));
  } catch (error) {
    const { code, message } = refusalOf(error);
    if (signal.aborted) throw error;
    return { isSet: false, text: `refused at once: ${code}: ${message}` };
  }
  const look = async () => {
    const { name: found, update } = note(await aws.nameOf(allocationId));
    if (update?.status && update.status !== 'PENDING') return { isSet: false };
    return found && !update ? { isSet: true } : undefined;
  };
  const { value, seconds: took } = await until(look, { clock, everySeconds: 5, atMostSeconds: LONGEST, signal });
  return {
    isSet: value?.isSet ?? false,
    text: `${states.join(' → ')}, ${value ? `decided after ${seconds(took)}` : `undecided after ${LONGEST} s`}`,
  };
}

/** `PENDING` `FAILED: reason` `PtrRecord mail.example.com.` */
function stateText({ name, update }: NameState): string {
  const { status, reason } = update ?? {};
  const pending = status && `${status}${reason ? `: ${reason}` : ''}`;
  return [name && `PtrRecord ${name}`, pending].filter(Boolean).join(' and ') || 'nothing';
}

async function world({ dns, clock, signal }: Context, address: string, name: string): Promise<number | undefined> {
  const look = async () => {
    const found = [...(await namesOf(dns, address)).values()];
    return found.every((names) => names.length === 1 && names[0]?.toLowerCase().replace(/\.$/, '') === name) ? true : undefined;
  };
  const { value, seconds: took } = await until<true>(look, { clock, everySeconds: 5, atMostSeconds: LONGEST, signal });
  return value && took;
}

/** Resets the name, and asks in dry runs from when on the address would be released. */
async function takeAway(
  { aws, clock, signal }: Context,
  { allocationId }: Address,
  learned: ReturnType<typeof learner>,
  title: string,
): Promise<void> {
  const begin = clock.now();
  await aws.resetName(allocationId);
  const refusals = new Set<string>();
  const isReset = async () => {
    const { name, update } = await aws.nameOf(allocationId);
    return name === undefined && update === undefined ? true : undefined;
  };
  const reset = await until<true>(isReset, { clock, everySeconds: 5, atMostSeconds: LONGEST, signal });
  learned(`the name ${title} is reset`, reset.value ? seconds(reset.seconds) : `not within ${LONGEST} s`, Boolean(reset.value));
  const isFree = async () => {
    try {
      await aws.release(allocationId, true);
      return true as const;
    } catch (error) {
      if (signal.aborted) throw error;
      refusals.add(refusalOf(error).code);
      return undefined;
    }
  };
  const free = await until<true>(isFree, { clock, everySeconds: 5, atMostSeconds: LONGEST, signal });
  const held = (clock.now() - begin) / 1000;
  const why = refusals.size > 0 ? `, until then ${[...refusals].join(', ')}` : ' at once';
  learned(
    `a dry run would release the address after its name ${title} was reset`,
    free.value ? `${seconds(held)}${why}` : `not within ${LONGEST} s: ${[...refusals].join(', ')}`,
    Boolean(free.value),
  );
}
