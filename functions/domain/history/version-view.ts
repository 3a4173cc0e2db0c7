import * as z from 'zod/mini';
import { PhaseName, Status } from '../group/status.ts';
import type { Recorded } from '../store/ports.ts';

/** One version as the API returns it, without its content. */
export const VersionView = z
  .object({
    version: z.int().check(z.minimum(1)),
    at: z.iso.datetime().check(z.meta({ description: 'When this version was published.' })),
    confirmed_until: z.iso.datetime().check(z.meta({ description: 'When AnyCheck last confirmed this version.' })),
    overall_status: z.nullable(Status),
    phase: PhaseName,
    total: z.int().check(z.minimum(0)),
    transitions: z
      .array(
        z
          .object({ verification_id: z.string(), from: z.nullable(Status), to: z.nullable(Status) })
          .check(z.meta({ id: 'StatusTransition' })),
      )
      .check(z.meta({ description: 'The verifications whose status differs from the version before.' })),
    added: z.int().check(z.minimum(0)),
    removed: z.int().check(z.minimum(0)),
    changed: z
      .int()
      .check(z.minimum(0))
      .check(z.meta({ description: 'How many verifications have changed content, including their status.' })),
  })
  .check(z.meta({ id: 'GroupVersion' }));
export type VersionView = z.input<typeof VersionView>;

/** @param confirmedUntil ms since the epoch. */
export const versionView = (recorded: Recorded, confirmedUntil: number): VersionView => ({
  version: recorded.version,
  at: new Date(recorded.publishedAt).toISOString(),
  confirmed_until: new Date(confirmedUntil).toISOString(),
  overall_status: z.nullable(Status).parse(JSON.parse(recorded.overallStatusText)),
  phase: recorded.phase,
  total: Number(recorded.totalText),
  transitions: recorded.transitions.map(({ verificationId, from, to }) => ({
    verification_id: verificationId,
    from,
    to,
  })),
  added: recorded.added,
  removed: recorded.removed,
  changed: recorded.changed,
});
