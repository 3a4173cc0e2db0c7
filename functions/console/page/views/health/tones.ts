/** The tone of each status of a part. */
export const TONES = { ok: 'good', degraded: 'warning', failing: 'bad', unknown: 'neutral' } as const;
