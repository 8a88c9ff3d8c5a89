import { type Arrival, arrivalOf, type Fault, unexplainedCopies } from '../e2e/accepted/arrivals';

const START = Date.parse('2026-01-01T12:00:00Z') / 1000;

/** A copy by the second at which each Postfix took it, and at which it arrived. */
const copy = (messageId: string, hops: Readonly<Record<string, number>>, at: number): Arrival => ({
  id: 'mail-1',
  messageId,
  hops: Object.entries(hops).map(([queueId, second]) => ({ queueId, at: START + second })),
  at: START + at,
});
const fault = (from: number, to: number): Fault => ({ name: 'a fault', from: START + from, to: START + to });

const onceFiltered = copy('<a>', { SUBMITTED: 10, FIRST: 11 }, 12);

interface Case {
  readonly copies: readonly Arrival[];
  readonly unsure?: number;
  readonly faults?: readonly Fault[];
}

const EXPLAINED: Readonly<Record<string, Case>> = {
  'one copy': { copies: [onceFiltered] },
  'a delivery that a fault ended before it was noted': {
    copies: [onceFiltered, copy('<a>', { SUBMITTED: 10, FIRST: 11 }, 40)],
    faults: [fault(13, 13.5)],
  },
  'the filter handed on, a fault came before the note of it, and both copies left long after it': {
    copies: [copy('<a>', { SUBMITTED: 10, FIRST: 11 }, 30), copy('<a>', { SUBMITTED: 10, SECOND: 29 }, 31)],
    faults: [fault(11.5, 12)],
  },
  'the client sent it again after a try without an answer': {
    copies: [onceFiltered, copy('<b>', { AGAIN: 14, OTHER: 15 }, 16)],
    unsure: 1,
  },
  'a fault that lasts from before the first to after the second': {
    copies: [onceFiltered, copy('<a>', { SUBMITTED: 10, FIRST: 11 }, 20)],
    faults: [fault(2, 30)],
  },
};

const UNEXPLAINED: Readonly<Record<string, Case>> = {
  'a delivery made twice with no fault': { copies: [onceFiltered, copy('<a>', { SUBMITTED: 10, FIRST: 11 }, 15)] },
  'two deliveries after a fault': {
    copies: [onceFiltered, copy('<a>', { SUBMITTED: 10, FIRST: 11 }, 15)],
    faults: [fault(5, 8)],
  },
  'two deliveries before a fault': {
    copies: [onceFiltered, copy('<a>', { SUBMITTED: 10, FIRST: 11 }, 15)],
    faults: [fault(18, 20)],
  },
  'handed on twice by the filter, and a fault only after that': {
    copies: [copy('<a>', { SUBMITTED: 10, FIRST: 11 }, 30), copy('<a>', { SUBMITTED: 10, SECOND: 14 }, 31)],
    faults: [fault(20, 25)],
  },
  'sent again by a client that had its answer': { copies: [onceFiltered, copy('<b>', { AGAIN: 14, OTHER: 15 }, 16)] },
  'a try without an answer explains no second delivery of the same try': {
    copies: [onceFiltered, copy('<a>', { SUBMITTED: 10, FIRST: 11 }, 15)],
    unsure: 1,
  },
  'three copies, of which a fault explains one': {
    copies: [11, 20, 30].map((at) => copy('<a>', { SUBMITTED: 9, FIRST: 10 }, at)),
    faults: [fault(15, 16)],
  },
};

test.each(Object.entries(EXPLAINED))('explained: %s', (_, { copies, unsure = 0, faults = [] }) => {
  expect(unexplainedCopies(copies, unsure, faults)).toEqual([]);
});

test.each(Object.entries(UNEXPLAINED))('not explained: %s', (_, { copies, unsure = 0, faults = [] }) => {
  expect(unexplainedCopies(copies, unsure, faults)).toHaveLength(1);
});

test('the way of a copy is read from its header, the oldest queue first: not the filter, nor port 25, which has none', () => {
  const text = `Received: from localhost (localhost [127.0.0.1])
\tby mail.example.test (Postfix) with ESMTP id 4cQz1b5kWzz2
\tfor <mail-4@receiver.test>; Thu, 01 Jan 2026 12:00:11 +0000 (UTC)
Received: from mail.example.test ([127.0.0.1])
 by localhost (mail.example.test [127.0.0.1]) (amavis, port 10026)
 with ESMTP id 1hPJ4vqVnX2K for <mail-4@receiver.test>;
 Thu, 01 Jan 2026 12:00:10 +0000 (UTC)
Received: by mail.example.test (Postfix) with ESMTPSA id 4cQz1a3TpPz1
\tfor <mail-4@receiver.test>; Thu, 01 Jan 2026 13:00:09 +0100 (CET)
Received: from mail.sender.test (mail.sender.test [198.51.100.200])
\tby mail.example.test (Postfix) with ESMTP
\tfor <mail-4@receiver.test>; Thu, 01 Jan 2026 12:00:08 +0000 (UTC)
Subject: mail-4
Message-ID: <1.2@sender.test>

Message-ID: <of@the.text>
`;
  expect(arrivalOf('mail-4', START + 12, text)).toEqual({
    id: 'mail-4',
    at: START + 12,
    messageId: '<1.2@sender.test>',
    hops: [
      { queueId: '4cQz1a3TpPz1', at: START + 9 },
      { queueId: '4cQz1b5kWzz2', at: START + 11 },
    ],
  });
  expect(() => arrivalOf('mail-4', START, 'Subject: mail-4\n\ntext\n')).toThrow('no Message-ID in a copy of mail-4');
});
