/** The record of erasures and redactions outside the table. After a restore of the table, they are replayed from it. */
export interface Ledger {
  /** @param at ms since the epoch. */
  record(kind: LedgerEntry['kind'], resultId: string, at: number): Promise<void>;
}

export interface LedgerEntry {
  readonly kind: 'erase' | 'redact';
  readonly resultId: string;
  /** ms since the epoch. */
  readonly at: number;
}
