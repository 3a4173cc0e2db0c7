export interface AttributeChanges {
  /** Attributes whose value is undefined stay unchanged. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Set where the row does not have them yet. */
  readonly setFirst?: Readonly<Record<string, unknown>>;
  /** A number is added to the attribute, the elements of a set join its set. */
  readonly add?: Readonly<Record<string, number | ReadonlySet<string>>>;
  readonly remove?: readonly string[];
}

/**
 * Builds an UpdateExpression with its names and values. `#due` stands for the attribute `due`, because some names are
 * reserved words. `:set_due` or `:add_due` stands for its value.
 */
export function updateExpression({ set, setFirst = {}, add = {}, remove = [] }: AttributeChanges) {
  const replaced = Object.entries(set).filter(([, value]) => value !== undefined);
  const first = Object.entries(setFirst);
  const assigned = [...replaced, ...first];
  const added = Object.entries(add);
  const assignments = [
    ...replaced.map(([name]) => `#${name} = :set_${name}`),
    ...first.map(([name]) => `#${name} = if_not_exists(#${name}, :set_${name})`),
  ];
  const clauses = [
    `SET ${assignments.join(', ')}`,
    added.length > 0 ? `ADD ${added.map(([name]) => `#${name} :add_${name}`).join(', ')}` : '',
    remove.length > 0 ? `REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '',
  ];
  const named = [...assigned.map(([name]) => name), ...added.map(([name]) => name), ...remove];
  const values: Record<string, unknown> = Object.fromEntries([
    ...assigned.map(([name, value]) => [`:set_${name}`, value]),
    ...added.map(([name, value]) => [`:add_${name}`, value]),
  ]);
  return {
    UpdateExpression: clauses.filter(Boolean).join(' '),
    names: Object.fromEntries(named.map((name) => [`#${name}`, name])),
    values,
  };
}
