/** `after` seconds from the start of its life cycle, a verification gets this status. */
export interface Stage {
  after: number;
  status: string;
}

/** A verification's life cycle: its statuses over time from `startedAt` (milliseconds since the epoch). */
export interface Life {
  startedAt: number;
  script: Stage[];
}

/** The life cycle of a verification after `POST /verifications/{id}/retry`. */
export const RETRY_SCRIPT: Stage[] = [
  { after: 0, status: 'IN_QUEUE' },
  { after: 4, status: 'IN_PROGRESS' },
  { after: 12, status: 'COMPLETED' },
];

/** The status of a life cycle at a time, and its start. Times are in milliseconds since the epoch. */
export function stageAt(life: Life, now: number): { status: string; since: number } {
  const reached = life.script.findLast(({ after }) => life.startedAt + after * 1000 <= now) ?? life.script[0];
  return reached === undefined
    ? { status: 'IN_QUEUE', since: life.startedAt }
    : { status: reached.status, since: life.startedAt + reached.after * 1000 };
}

/**
 * The stages that a life cycle reaches after `from` and up to `to` (milliseconds since the epoch), without its first
 * stage.
 */
export function movesBetween({ startedAt, script }: Life, from: number, to: number): ReturnType<typeof stageAt>[] {
  return script
    .slice(1)
    .map(({ after, status }) => ({ status, since: startedAt + after * 1000 }))
    .filter(({ since }) => since > from && since <= to);
}

/**
 * The parts of a verification that a client sees at a status. Fraud detection precedes the extraction, so there is no
 * output. A review follows the extraction, so there is an output without a verdict.
 */
export function visibleAt(status: string): { started: boolean; output: boolean; verdict: boolean; over: boolean } {
  switch (status) {
    case 'COMPLETED':
    case 'PARTIALLY_COMPLETED':
      return { started: true, output: true, verdict: true, over: true };
    case 'NEED_REVIEW':
      return { started: true, output: true, verdict: false, over: false };
    case 'FAILED':
    case 'PARTIALLY_FAILED':
    case 'CANCELLED':
      return { started: true, output: false, verdict: false, over: true };
    case 'DRAFT':
    case 'IN_QUEUE':
      return { started: false, output: false, verdict: false, over: false };
    default:
      return { started: true, output: false, verdict: false, over: false };
  }
}
