/** What went wrong at AWS; the code of anything that is not an answer of AWS is empty. */
export function problemOf(error: unknown): { readonly code: string; readonly message: string } {
  const { code = '', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  return { code, message };
}

/** `You are not authorized … (UnauthorizedOperation)` */
export function errorText(error: unknown): string {
  const { code, message } = problemOf(error);
  return code === '' ? message : `${message} (${code})`;
}
