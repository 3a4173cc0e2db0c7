import * as z from 'zod/mini';
import type { Snapshot } from '../group/snapshot.ts';
import { Status } from '../group/status.ts';
import type { Difference } from './diff.ts';

const Path = z.string().check(z.meta({ description: 'A JSON pointer (RFC 6901) into the verification.' }));
const Index = z.nullable(z.int().check(z.minimum(0)));

/** An operation of RFC 6902. These patches contain only `add`, `replace` and `remove`. */
const Operation = z
  .discriminatedUnion('op', [
    z.object({ op: z.enum(['add', 'replace']), path: Path, value: z.unknown() }).check(z.meta({ id: 'PatchSet' })),
    z.object({ op: z.literal('remove'), path: Path }).check(z.meta({ id: 'PatchRemove' })),
  ])
  .check(z.meta({ id: 'PatchOperation' }));

const ChangedVerification = z
  .object({
    verification_id: z.string(),
    change: z.enum(['added', 'removed', 'moved', 'changed']),
    from_index: Index.check(
      z.meta({ description: 'The number of items before it in the earlier version. Null for an added verification.' }),
    ),
    to_index: Index.check(
      z.meta({ description: 'The number of items before it in the later version. Null for a removed verification.' }),
    ),
    moved: z
      .optional(z.boolean())
      .check(z.meta({ description: 'Present for a changed verification: whether it moved, too.' })),
    patch: z.optional(z.array(Operation)).check(
      z.meta({
        description:
          'Present for a changed verification: a JSON Patch (RFC 6902) from the earlier to the later content. ' +
          'Numbers keep all digits.',
      }),
    ),
  })
  .check(z.meta({ id: 'ChangedVerification' }));

const ofBoth = <T extends z.ZodMiniType>(id: string, value: T) =>
  z.object({ from: value, to: value }).check(z.meta({ id }));

/** What changed between two versions of a group. */
export const Diff = z
  .object({
    from: z.int().check(z.minimum(1), z.meta({ description: 'The version that the comparison starts from.' })),
    to: z.int().check(z.minimum(1), z.meta({ description: 'The version that the comparison leads to.' })),
    total: ofBoth('TotalChange', z.int().check(z.minimum(0))),
    overall_status: ofBoth('OverallStatusChange', z.nullable(Status)),
    verifications: z.array(ChangedVerification).check(
      z.meta({
        description:
          'The verifications that differ. Removed ones come first, in the order of `from`. The others follow, in the ' +
          'order of `to`. Renewed links alone are no difference.',
      }),
    ),
  })
  .check(z.meta({ id: 'GroupDiff' }));

type Compared = Pick<Snapshot, 'version' | 'totalText' | 'overallStatusText'>;

/** Returns the JSON text of a Diff. It is built from source texts, so that numbers keep their digits. */
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
