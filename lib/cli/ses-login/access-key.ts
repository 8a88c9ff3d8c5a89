import * as z from 'zod/mini';

/** What `aws iam create-access-key --output json` prints, whole or its `AccessKey`. */
const key = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() });
const answer = z.union([z.object({ AccessKey: key }), key]);

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

const EXPECTED = 'expected what "aws iam create-access-key --output json" prints';

/** @throws with what is wrong, never with what was read: it is secret */
export function accessKeyIn(text: string): AccessKey {
  if (text.trim() === '') throw new Error(`nothing on standard input: ${EXPECTED}; see what aws itself said`);
  const read = answer.safeParse(parsed(text));
  if (!read.success) throw new Error(`standard input is not an access key: ${EXPECTED}`);
  const { AccessKeyId: id, SecretAccessKey: secret } = 'AccessKey' in read.data ? read.data.AccessKey : read.data;
  if (/^ASIA/.test(id)) throw new Error(`${id} is a temporary key, which SES does not take for SMTP: make one for the IAM user`);
  if (!/^AKIA[A-Z2-7]{12,}$/.test(id) || !/^[A-Za-z0-9/+]{40}$/.test(secret)) {
    throw new Error(
      `standard input is not an access key, whose id begins with AKIA and whose secret has 40 characters: ${EXPECTED}`,
    );
  }
  return { id, secret };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
