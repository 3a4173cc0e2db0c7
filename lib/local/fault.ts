/** An error that the developer can fix. `npm start` prints its message without a stack trace. */
export class LocalFault extends Error {
  override readonly name = 'LocalFault';
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code of a system or SDK error (`EADDRINUSE`, `ResourceNotFoundException`), where it has one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name;
}
