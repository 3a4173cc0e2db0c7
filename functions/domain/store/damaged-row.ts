/** A row of a group cannot be read: an attribute is missing or has another type. Only an erasure repairs it. */
export class DamagedRowError extends Error {
  constructor(sk: string, cause: unknown) {
    super(`row ${sk} of a group is damaged`, { cause });
    this.name = 'DamagedRowError';
  }
}
