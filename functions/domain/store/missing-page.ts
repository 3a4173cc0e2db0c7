/** A snapshot's page that is not there: its group was erased since, or something is broken. */
export class MissingPageError extends Error {
  constructor(row: string) {
    super(`page row ${row} of a snapshot is missing`);
    this.name = 'MissingPageError';
  }
}
