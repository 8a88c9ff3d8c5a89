import type * as z from 'zod/mini';
import type { HostConnection } from '../../host/host-connection';

/** What a program on the host has to say, as JSON on standard output; or why there is nothing. */
export type Answer<T> = { readonly value: T } | { readonly problem: string };

/** Runs a program on the host and reads its one JSON object. Never rejects. */
export async function readJson<T>(
  connection: HostConnection,
  script: string,
  schema: z.ZodMiniType<T>,
  {
    input = '',
    timeoutSeconds,
    signal,
  }: { readonly input?: string; readonly timeoutSeconds: number; readonly signal?: AbortSignal },
): Promise<Answer<T>> {
  try {
    const { stdout, stderr, code } = await connection.exec(script, { input: Buffer.from(input), timeoutSeconds, signal });
    const text = stdout.toString();
    if (!text.trim().startsWith('{'))
      return { problem: stderr.trim().split('\n')[0] || `it ended with code ${code} and said nothing` };
    return { value: schema.parse(JSON.parse(text)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
