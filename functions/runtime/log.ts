/** Every event that is logged. Runbook, dashboards and alarms search for these names. */
export type LogEvent =
  | 'request.failed'
  | 'refresh.done'
  | 'refresh.failed'
  | 'refresh.crashed'
  | 'refresh.early_failed'
  | 'sweep.done';

type Field = string | number | boolean | undefined;

/** One JSON line. Fields are ids, counts, codes and times: never content, names, secrets or links. */
export function log(level: 'info' | 'warn' | 'error', event: LogEvent, fields: Readonly<Record<string, Field>>): void {
  process.stdout.write(`${JSON.stringify({ level, event, at: new Date().toISOString(), ...fields })}\n`);
}

/** What may be told of an error: its kind and its stack's places, since messages of parsers and clients can quote content. */
export function errorFields(error: unknown): Record<string, Field> {
  if (!(error instanceof Error)) return { error: typeof error };
  const places = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error.cause instanceof Error ? error.cause.name : undefined;
  return { error: error.name, cause, stack: places?.slice(0, 6).join('\n') };
}
