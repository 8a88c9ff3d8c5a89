/** Taking over by one Postfix: when a client began to hand it the mail (seconds since 1970), and its name in that queue. */
export interface Hop {
  readonly queueId: string;
  readonly at: number;
}

/** A copy of a mail at its end: an application's inbox or somebody else's server. */
export interface Arrival {
  /** Of the mail; copies have the same. */
  readonly id: string;
  /** Of the client's try; a try that was taken twice has the same in both copies. */
  readonly messageId: string;
  /** Oldest first. */
  readonly hops: readonly Hop[];
  /** Seconds since 1970. */
  readonly at: number;
}

export interface Fault {
  readonly name: string;
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** Reads a copy's header (RFC 5322). */
export function arrivalOf(id: string, at: number, text: string): Arrival {
  const [header = ''] = text.replaceAll('\r\n', '\n').split('\n\n', 1);
  const fields = header.replace(/\n[ \t]+/g, ' ').split('\n');
  const messageId = fields.flatMap((field) => /^Message-ID:\s*(\S+)/i.exec(field)?.[1] ?? [])[0];
  if (messageId === undefined) throw new Error(`no Message-ID in a copy of ${id}: ${JSON.stringify(text)}`);
  return { id, at, messageId, hops: fields.flatMap(hopIn).reverse() };
}

function hopIn(field: string): Hop[] {
  const [, queueId, date] = /^Received: .*\(Postfix\b.*? id (\w+)[^;]*;\s*(.+)$/.exec(field) ?? [];
  return queueId && date ? [{ queueId, at: Date.parse(date.replace(/\s*\(.*/, '')) / 1000 }] : [];
}

/** A process that was hit may need this long until it is gone. In seconds, like the whole ones that headers have. */
const ENDING = 1;

/**
 * What is wrong with the copies of one mail. RFC 5321 4.5.3.2.6 has a client send again what it got no answer for, so each try
 * without an answer explains one more try that arrives. Two copies of the same try are explained by a fault alone: from one of its
 * stops the mail was handed on twice, and what was to note the first time ended between the two.
 * @param unsure Tries whose end the client did not see.
 */
export function unexplainedCopies(copies: readonly Arrival[], unsure: number, faults: readonly Fault[]): string[] {
  const inOrder = [...copies].sort((one, other) => one.at - other.at);
  const tries = [...new Set(inOrder.map(({ messageId }) => messageId))];
  const problems = tries.flatMap((tried) =>
    twiceTaken(
      inOrder.filter(({ messageId }) => messageId === tried),
      faults,
    ),
  );
  if (tries.length > 1 + unsure) problems.push(`${tries.length} tries of the client arrived, and ${unsure} had no answer`);
  return problems.length > 0 ? [`${problems.join('; ')}\n${inOrder.map(described).join('\n')}`] : [];
}

function twiceTaken(copies: readonly Arrival[], faults: readonly Fault[]): string[] {
  return copies.slice(1).flatMap((copy, index) => {
    const [from, to] = handedOn(copies[index] as Arrival, copy);
    const struck = faults.some((fault) => fault.to + ENDING >= from && fault.from - ENDING <= to);
    return struck ? [] : [`handed on twice, at ${clock(from)} and ${clock(to)}, and no fault between`];
  });
}

/** When the stop at which the ways of two copies part handed the mail on, for the one and for the other. */
function handedOn(one: Arrival, other: Arrival): [from: number, to: number] {
  const parts = one.hops.findIndex(({ queueId }, index) => queueId !== other.hops[index]?.queueId);
  const [first, next] = [one, other].map(({ hops, at }) => hops[parts]?.at ?? at) as [number, number];
  return [Math.min(first, next), Math.max(first, next)];
}

function described({ messageId, hops, at }: Arrival): string {
  return `  ${messageId}: ${hops.map((hop) => `${clock(hop.at)} ${hop.queueId}, `).join('')}${clock(at)} arrived`;
}

export function describedFault({ name, from, to }: Fault): string {
  return `  ${clock(from)} to ${clock(to)}: ${name}`;
}

/** UTC, as in the machines' logs. */
function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}
