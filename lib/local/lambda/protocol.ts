/** What the run tells a worker thread when it starts. */
export interface ThreadStart {
  /** The directory of the bundle. */
  readonly directory: string;
  /** As in the template: `index.handler`. */
  readonly handler: string;
}

/** What a handler is told about its invocation, but for the functions, which don't cross a thread. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** MiB, as text, as Lambda has it. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export interface InvokeMessage {
  /** JSON. */
  readonly event: string;
  readonly context: InvocationContext;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

export interface ErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
}

export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly error: ErrorPayload }
  /** `payload` is JSON. */
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'threw'; readonly error: ErrorPayload };
