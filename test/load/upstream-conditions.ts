import type { FaultRequest } from '../../lib/sandbox/controls/control-requests.ts';
import type { Controls } from '../../lib/sandbox/controls/controls.ts';

/** How AnyCheck does for a while: the faults of its next calls, drawn anew for each. */
export interface UpstreamConditions {
  readonly name: string;
  readonly faults: readonly (() => FaultRequest)[];
  /** How often groups change, where they usually do once. */
  readonly changes?: number;
}

const between = (min: number, max: number) => Math.round(min + Math.random() * (max - min));
const status = (code: number, error_code: string, headers = {}) => ({
  kind: 'status',
  status: code,
  error_code,
  headers,
});
const kinds = (...names: readonly string[]) => names.map((kind) => () => ({ kind }));
const late = (max: number) => () => ({ kind: 'delay', delay_ms: between(300, max) });

const FAILURES = [
  () => status(500, 'INTERNAL_SERVER_ERROR'),
  () => status(503, 'INTERNAL_SERVER_ERROR'),
  ...kinds(
    'reset',
    'cut_off',
    'html',
    'html_200',
    'empty_body',
    'truncate',
    'not_an_object',
    'error_200',
    'wrong_types',
  ),
];

/** Answers that look right and aren't. */
const LIES = kinds('wrong_total', 'status_moves', 'missing_id', 'duplicate_id', 'foreign_group', 'short_page');

/** Lets some of the calls through as they are. */
const nowAndThen = (fault: () => FaultRequest) => () => ({ ...fault(), after: between(0, 2) });

export const UPSTREAM_CONDITIONS: readonly UpstreamConditions[] = [
  { name: 'healthy', faults: [] },
  { name: 'slow', faults: [late(1_000), late(3_000), late(9_000)] },
  { name: 'failing', faults: FAILURES },
  // Lists change between two of their pages. A fault of the sandbox would change each fetch in the same way, and two
  // equal
  // torn lists look like a consistent one.
  { name: 'shifting', faults: [late(600)].map(nowAndThen), changes: 4 },
  {
    name: 'flapping',
    faults: [...FAILURES, ...LIES, late(2_000), () => status(429, 'QUOTA_EXCEEDED', { 'retry-after': '1' })].map(
      nowAndThen,
    ),
  },
];

/** Faults that wait for AnyCheck's next calls. */
const AHEAD = 20;

/** Has AnyCheck do as the weather is, from now on. To be told again a few times a second. */
export function applyConditions(controls: Controls, { faults }: UpstreamConditions, isNew: boolean): void {
  if (isNew) controls.clearFaults();
  if (faults.length === 0) return;
  for (let waiting = controls.faults().length; waiting < AHEAD; waiting++) {
    const fault = faults[between(0, faults.length - 1)];
    if (fault) controls.addFaults(fault());
  }
}
