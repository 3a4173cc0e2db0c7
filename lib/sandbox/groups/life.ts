/** `after` seconds from the start of a life, a verification takes this status. */
export interface Stage {
  after: number;
  status: string;
}

/** A verification's way through its statuses, in real time from `startedAt` (epoch milliseconds). */
export interface Life {
  startedAt: number;
  script: Stage[];
}

/** What a verification goes through after `POST /verifications/{id}/retry`. */
export const RETRY_SCRIPT: Stage[] = [
  { after: 0, status: 'IN_QUEUE' },
  { after: 4, status: 'IN_PROGRESS' },
  { after: 12, status: 'COMPLETED' },
];

/** Where a life stands at a time: its status and since when (epoch milliseconds). */
export function stageAt(life: Life, now: number): { status: string; since: number } {
  const reached = life.script.findLast(({ after }) => life.startedAt + after * 1000 <= now) ?? life.script[0];
  return reached === undefined
    ? { status: 'IN_QUEUE', since: life.startedAt }
    : { status: reached.status, since: life.startedAt + reached.after * 1000 };
}

/** The stages that a life reaches after `from` and up to `to` (epoch milliseconds); beginning with its first is no move. */
export function movesBetween({ startedAt, script }: Life, from: number, to: number): ReturnType<typeof stageAt>[] {
  return script
    .slice(1)
    .map(({ after, status }) => ({ status, since: startedAt + after * 1000 }))
    .filter(({ since }) => since > from && since <= to);
}

/**
 * Which parts of a verification a client sees at a status. Fraud is found before the extraction, so there is no output yet;
 * a review comes after it, so there is an output without a verdict.
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
