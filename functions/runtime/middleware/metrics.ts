import type { MiddlewareObj } from '@middy/core';

/**
 * Calls `report` at the end of each call, successful or not.
 * @param report may defer its log line until it has counted more.
 */
export function metrics(report: () => void): MiddlewareObj {
  // It must return undefined: middy would use a returned value as the answer.
  const end = () => {
    report();
  };
  return { after: end, onError: end };
}
