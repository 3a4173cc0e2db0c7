/** The `workerData` of a worker thread. */
export interface ThreadStart {
  /** The directory of the bundle. */
  readonly directory: string;
  /** As in the template: `index.handler`. */
  readonly handler: string;
}

/** The data of a handler's context. Functions cannot cross a thread, so the worker adds them. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** MiB, as text, as in Lambda. */
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
  | { readonly kind: 'printed'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'broken'; readonly error: ErrorPayload }
  /** `payload` is JSON. */
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'threw'; readonly error: ErrorPayload };
