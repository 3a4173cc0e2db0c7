import type { Place } from '../../../url/place.ts';

/** The numbers of two versions; empty where a group has no such version. */
interface Compared {
  readonly from: string;
  readonly to: string;
}

/** Returns the versions that are compared: those in the address, else the newest two. @param versions newest first. */
export function comparedVersions(
  [newest, before]: readonly { readonly version: number }[],
  { from, to }: Place['params'],
): Compared {
  return { from: from || String(before?.version ?? ''), to: to || String(newest?.version ?? '') };
}
