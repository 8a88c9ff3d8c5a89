/** Where a dialogue with a mail server stood. */
export type Stage = 'connect' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'message' | 'QUIT';

/** How a mail server answered an attempt to hand it a mail. */
export interface Attempt {
  /** The mail was taken. */
  readonly accepted: boolean;
  /** Where it was refused, or `message` when it was taken. */
  readonly stage: Stage;
  /** Reply code of that stage; 0 without a reply. */
  readonly code: number;
  /** Text of that reply, lines joined by one space. */
  readonly text: string;
  readonly transcript: string;
}

/** Commands by their first word; everything after DATA until the final dot is the message. */
const stages: readonly [RegExp, Stage][] = [
  [/^(EHLO|HELO)/i, 'EHLO'],
  [/^STARTTLS/i, 'STARTTLS'],
  [/^AUTH/i, 'AUTH'],
  [/^MAIL FROM/i, 'MAIL'],
  [/^RCPT TO/i, 'RCPT'],
  [/^DATA/i, 'DATA'],
  [/^\.$/, 'message'],
  [/^QUIT/i, 'QUIT'],
];

/**
 * Reads a transcript of swaks: ` -> ` is sent, `<-  ` a reply, `<** ` a reply that was not hoped for; with a tilde in place of
 * the dash inside TLS.
 */
export function readTranscript(transcript: string): Attempt {
  let stage: Stage = 'connect';
  let refused: { stage: Stage; code: number; lines: string[] } | undefined;
  const replies = new Map<Stage, { code: number; lines: string[] }>();
  for (const line of transcript.split('\n')) {
    const sent = /^ [-~]> (.*)$/.exec(line)?.[1];
    if (sent !== undefined) {
      // The lines of the message itself look like commands at will.
      const next: Stage | undefined =
        stage === 'DATA' && sent !== '.' ? undefined : stages.find(([pattern]) => pattern.test(sent))?.[1];
      if (next) stage = next;
      continue;
    }
    const [, marks, code, text] = /^<([-~* ]{3}) ?(\d{3})[ -]?(.*)$/.exec(line) ?? [];
    if (marks === undefined || code === undefined) continue;
    const reply = replies.get(stage) ?? { code: Number(code), lines: [] };
    replies.set(stage, { code: Number(code), lines: [...reply.lines, text ?? ''] });
    if (marks.includes('*') && stage !== 'QUIT') {
      refused =
        refused?.stage === stage
          ? { ...refused, lines: [...refused.lines, text ?? ''] }
          : (refused ?? { stage, code: Number(code), lines: [text ?? ''] });
    }
  }
  if (refused) return attempt(false, refused.stage, refused, transcript);
  const taken = replies.get('message');
  if (taken && taken.code < 300) return attempt(true, 'message', taken, transcript);
  return attempt(false, stage, replies.get(stage) ?? { code: 0, lines: [lastLine(transcript)] }, transcript);
}

function attempt(accepted: boolean, stage: Stage, reply: { code: number; lines: string[] }, transcript: string): Attempt {
  return { accepted, stage, code: reply.code, text: reply.lines.join(' ').trim(), transcript };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
