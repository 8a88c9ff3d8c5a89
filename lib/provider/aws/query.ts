import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { XMLParser } from 'fast-xml-parser';
import { httpsAgent } from './trust';

/** Keys of a session at AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** What AWS refused, or why it could not be asked. */
export class AwsError extends Error {
  constructor(
    /** `InvalidAddress.PtrSet`; `NoAnswer` where there was none. */
    readonly code: string,
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

export interface AwsService {
  readonly name: 'ec2' | 'sts';
  readonly version: string;
  readonly endpoint: string;
  readonly region: string;
}

/** An element of an answer: texts, elements, or a list of them. */
export type Element = { readonly [name: string]: string | Element | readonly Element[] | undefined };

const parser = new XMLParser({
  parseTagValue: false,
  ignoreAttributes: true,
  isArray: (name) => name === 'item' || name === 'Error',
});

/** Asks again when AWS is busy: that many times, after a pause that doubles. */
const attempts = 6;
const firstPause = 500;
const busy =
  /^(Throttl|RequestLimitExceeded|RequestThrottled|TooManyRequests|InternalError|InternalFailure|ServiceUnavailable|Unavailable)/;

/** A connection that broke down; one that is refused, or a name that is not there, stays so. */
const broken = /ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|socket hang up/;

/** One call of AWS' query protocol, signed (SigV4) where there are credentials. @throws AwsError */
export async function awsCall(
  service: AwsService,
  action: string,
  parameters: Readonly<Record<string, string>>,
  credentials: (() => Promise<AwsCredentials>) | undefined,
  { signal, sleep }: { readonly signal: AbortSignal; readonly sleep: (milliseconds: number) => Promise<void> },
): Promise<Element> {
  for (let attempt = 1, pause = firstPause; ; attempt++, pause *= 2) {
    try {
      return await once(service, action, parameters, await credentials?.(), signal);
    } catch (error) {
      const again =
        error instanceof AwsError && (busy.test(error.code) || (error.status ?? 0) >= 500 || broken.test(error.message));
      if (!again || attempt === attempts || signal.aborted) throw error;
      await sleep(pause);
    }
  }
}

async function once(
  { name, version, endpoint, region }: AwsService,
  action: string,
  parameters: Readonly<Record<string, string>>,
  credentials: AwsCredentials | undefined,
  signal: AbortSignal,
): Promise<Element> {
  const url = new URL(endpoint);
  const body = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
  const request = new HttpRequest({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port === '' ? undefined : Number(url.port),
    path: url.pathname,
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body,
  });
  const signer = credentials && new SignatureV4({ service: name, region, credentials, sha256: Sha256 });
  const handler = new NodeHttpHandler({ connectionTimeout: 10_000, requestTimeout: 60_000, httpsAgent: httpsAgent(endpoint) });
  let answer: { readonly status: number; readonly text: string };
  try {
    const { response } = await handler.handle(((await signer?.sign(request)) ?? request) as HttpRequest, { abortSignal: signal });
    answer = { status: response.statusCode, text: await textOf(response.body as AsyncIterable<Uint8Array>) };
  } catch (error) {
    throw new AwsError('NoAnswer', `${url.host} cannot be reached: ${error instanceof Error ? error.message : error}`);
  } finally {
    handler.destroy();
  }
  const [root] = Object.values(parsed(answer.text, url.host, answer.status));
  if (answer.status < 300) return root as Element;
  throw refusal(root as Element, action, answer.status);
}

/** An answer is small; what is larger is none. Bytes. */
const largest = 1_000_000;

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largest) throw new Error(`the answer has more than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string, host: string, status: number): Record<string, Element> {
  try {
    const { '?xml': _, ...elements } = parser.parse(text) as Record<string, Element>;
    if (Object.keys(elements).length > 0) return elements;
  } catch {
    // Told below.
  }
  throw new AwsError('NoAnswer', `${host} answers with status ${status} and no XML`, status);
}

/** EC2 has `<Response><Errors><Error>`, STS `<ErrorResponse><Error>`. */
function refusal(root: Element, action: string, status: number): AwsError {
  const [first] = elements((root.Errors as Element | undefined)?.Error ?? root.Error);
  const code = textIn(first, 'Code') ?? `status ${status}`;
  return new AwsError(code, textIn(first, 'Message') ?? `${action} was refused`, status);
}

/** The text of an element's child; undefined when there is none, or an empty one. */
export function textIn(element: Element | undefined, name: string): string | undefined {
  const value = element?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function elements(value: Element[string]): readonly Element[] {
  if (Array.isArray(value)) return value as readonly Element[];
  return typeof value === 'object' ? [value as Element] : [];
}
