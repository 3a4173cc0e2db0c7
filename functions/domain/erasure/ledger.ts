/** Where erasures and redactions are recorded beside the table, for after it was restored to a moment before them. */
export interface Ledger {
  record(kind: LedgerEntry['kind'], resultId: string, at: number): Promise<void>;
}

export interface LedgerEntry {
  readonly kind: 'erase' | 'redact';
  readonly resultId: string;
  /** ms since the epoch. */
  readonly at: number;
}
