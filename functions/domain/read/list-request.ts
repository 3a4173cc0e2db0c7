/** The parsed parameters of `GET /verifications`. */
export interface ListRequest {
  /** Lower case. */
  readonly resultId: string;
  /** Items to skip. */
  readonly offset: number;
  /** Items on the page, 1 to 100. */
  readonly size: number;
  readonly version: number | undefined;
  /** ms since the epoch: the request is for the version that was current then. */
  readonly asOf: number | undefined;
  /**
   * Seconds: a snapshot that AnyCheck confirmed longer ago is refreshed before the answer. 0 for `no-cache`; undefined
   * where any age is accepted.
   */
  readonly maxAge: number | undefined;
}
