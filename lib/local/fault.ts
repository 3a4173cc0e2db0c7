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

const PORT_FAULTS: ReadonlyMap<string | undefined, string> = new Map([
  ['EADDRINUSE', 'is in use'],
  ['EACCES', 'may not be used'],
]);

/**
 * Starts a server on a port that a variable of `npm start` names.
 * @param port 0: any free port.
 * @throws LocalFault that names the variable when the port is in use or needs privileges.
 */
export async function onPort<T>(variable: string, port: number, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port);
  } catch (cause) {
    const why = PORT_FAULTS.get(codeOf(cause));
    if (why === undefined) throw cause;
    throw new LocalFault(`Port ${port} ${why}: choose another with ${variable}.`, { cause });
  }
}
