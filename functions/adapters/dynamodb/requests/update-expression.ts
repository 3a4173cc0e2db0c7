export interface AttributeChanges {
  /** Attributes whose value is undefined stay unchanged. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

/**
 * Builds an UpdateExpression with its names and values. `#due` stands for the attribute `due`, because some names are
 * reserved words. `:set_due` or `:add_due` stands for its value.
 */
export function updateExpression({ set, add = {}, remove = [] }: AttributeChanges) {
  const assigned = Object.entries(set).filter(([, value]) => value !== undefined);
  const added = Object.entries(add);
  const clauses = [
    `SET ${assigned.map(([name]) => `#${name} = :set_${name}`).join(', ')}`,
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
