/** The page size at which a refresh begins. */
export interface PageSize {
  readonly items: number;
  /** When AnyCheck last showed that it returns no larger pages, ms since the epoch; undefined where it did not. */
  readonly cappedAt: number | undefined;
}
