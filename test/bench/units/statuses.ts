import { verificationIn } from '../../../functions/domain/group/change.ts';

/** Each verification's status, by id. */
export function statuses(texts: readonly string[]): Map<string, string | null> {
  return new Map(
    texts.map((text) => {
      const { id, status } = verificationIn(text);
      return [id, status];
    }),
  );
}
