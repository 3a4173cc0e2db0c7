import type { components } from '../client/api.d.ts';

type Group = components['schemas']['Group'];
type Version = components['schemas']['GroupVersion'];

/** The fields of each kind of record. Each field is named here, so a new field of the API is not exported by itself. */
export const FIELDS = {
  group: [
    'result_id',
    'version',
    'phase',
    'overall_status',
    'total',
    'status_counts',
    'first_seen',
    'last_change',
    'last_success',
    'redacted',
  ],
  version: [
    'result_id',
    'version',
    'at',
    'confirmed_until',
    'phase',
    'overall_status',
    'total',
    'added',
    'removed',
    'changed',
  ],
  transition: ['result_id', 'version', 'at', 'verification_id', 'from', 'to'],
} as const;
type Kind = keyof typeof FIELDS;
/** A value of a field: only `status_counts` is an object. */
type Value = string | number | boolean | null | Readonly<Record<string, number>>;

/** A line of an export. */
export type ExportRecord = { readonly kind: Kind } & Readonly<Record<string, Value>>;

/** Makes a record with the fields of its kind alone. */
function recordOf<K extends Kind>(kind: K, source: Readonly<Record<(typeof FIELDS)[K][number], Value>>): ExportRecord {
  const names: readonly (typeof FIELDS)[K][number][] = FIELDS[kind];
  return { ...Object.fromEntries(names.map((name) => [name, source[name]])), kind };
}

/** The records of a group: its state, then each version with its transitions, in the order of `versions`. */
export const recordsOf = (group: Group, versions: readonly Version[]): ExportRecord[] => [
  recordOf('group', group),
  ...versions.flatMap((version) => {
    const { result_id } = group;
    const { version: number, at } = version;
    return [
      recordOf('version', { ...version, result_id }),
      ...version.transitions.map((one) => recordOf('transition', { ...one, result_id, version: number, at })),
    ];
  }),
];
