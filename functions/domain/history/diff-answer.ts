import * as z from 'zod/mini';
import type { Snapshot } from '../group/snapshot.ts';
import type { Difference } from './diff.ts';

const Status = z.nullable(z.string());
const Path = z.string().check(z.meta({ description: 'A JSON pointer (RFC 6901) into the verification.' }));
const Index = z.nullable(z.int().check(z.minimum(0)));

/** One of RFC 6902's operations: of the others there is none in these patches. */
const Operation = z.discriminatedUnion('op', [
  z.object({ op: z.enum(['add', 'replace']), path: Path, value: z.unknown() }),
  z.object({ op: z.literal('remove'), path: Path }),
]);

const ChangedVerification = z.object({
  verification_id: z.string(),
  change: z.enum(['added', 'removed', 'moved', 'changed']),
  from_index: Index.check(z.meta({ description: 'How many items came before it; null for an added one.' })),
  to_index: Index.check(z.meta({ description: 'How many items come before it now; null for a removed one.' })),
  moved: z.optional(z.boolean()).check(z.meta({ description: 'Of a changed one: whether it moved as well.' })),
  patch: z.optional(z.array(Operation)).check(
    z.meta({
      description: 'Of a changed one: a JSON Patch (RFC 6902) that makes the later of the earlier, digit by digit.',
    }),
  ),
});

const ofBoth = <T extends z.ZodMiniType>(value: T) => z.object({ from: value, to: value });

/** What changed between two versions of a group. */
export const Diff = z.object({
  from: z.int().check(z.minimum(1), z.meta({ description: 'The version that is compared,' })),
  to: z.int().check(z.minimum(1), z.meta({ description: 'and the one that it is compared with.' })),
  total: ofBoth(z.int().check(z.minimum(0))),
  overall_status: ofBoth(Status),
  verifications: z.array(ChangedVerification).check(
    z.meta({
      description:
        'Those that differ: the removed in the order that they had, then the others in the order that they have. Renewed links alone are no difference.',
    }),
  ),
});

type Compared = Pick<Snapshot, 'version' | 'totalText' | 'overallStatusText'>;

/** The JSON text of a Diff: it is put together from source texts, so that numbers keep their digits. */
export function diffBody(from: Compared, to: Compared, differences: readonly Difference[]): string {
  const fields = [
    `"from":${from.version}`,
    `"to":${to.version}`,
    `"total":{"from":${from.totalText},"to":${to.totalText}}`,
    `"overall_status":{"from":${from.overallStatusText},"to":${to.overallStatusText}}`,
    `"verifications":[${differences.map(changeText).join()}]`,
  ];
  return `{${fields.join()}}`;
}

function changeText({ verificationId, change, fromIndex, toIndex, moved, patch }: Difference): string {
  const facts = { verification_id: verificationId, change, from_index: fromIndex, to_index: toIndex, moved };
  const text = JSON.stringify(facts);
  return patch === undefined ? text : `${text.slice(0, -1)},"patch":${patch}}`;
}
