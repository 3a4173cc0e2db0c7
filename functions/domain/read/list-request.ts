/** What a caller of `GET /verifications` asks for. */
export interface ListRequest {
  /** Lower case. */
  readonly resultId: string;
  /** Items to skip. */
  readonly offset: number;
  /** Items on the page, 1 to 100. */
  readonly size: number;
  readonly version: number | undefined;
  /** ms since the epoch: the version that was current then. */
  readonly asOf: number | undefined;
  /** Seconds: AnyCheck is asked first where its last word is older. 0 for `no-cache`, undefined where any age will do. */
  readonly maxAge: number | undefined;
}
