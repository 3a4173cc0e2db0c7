/** A page that a snapshot names is missing: the group was erased since, or the store is inconsistent. */
export class MissingPageError extends Error {
  constructor(row: string) {
    super(`page row ${row} of a snapshot is missing`);
    this.name = 'MissingPageError';
  }
}
