import type { MiddlewareObj } from '@middy/core';

/** Reports what a function has counted by the end of each call, however it ended. @param report may wait for more to tell of. */
export function metrics(report: () => void): MiddlewareObj {
  // Whatever middy is given back, it would take for the answer.
  const end = () => {
    report();
  };
  return { after: end, onError: end };
}
