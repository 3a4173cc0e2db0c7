import type { BrowserContext, Request } from 'playwright-core';

/** What the pages of a browser context did that no test may cause. */
export interface Watch {
  readonly requests: readonly Request[];
  /** Requests without an answer. */
  readonly pending: ReadonlySet<Request>;
  /** Reports of the content security policy, dialogs, errors of scripts, and what the console logged as an error. */
  readonly reports: readonly string[];
  /** Every line of the browser's console. */
  readonly lines: readonly string[];
}

/** The browser logs each answer that is no success. Such an answer is no fault of the page. */
const ANSWER = /^Failed to load resource: /;

const LISTENER = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
  reportViolation([violatedDirective, blockedURI, sample].join(' '));
});`;

/** Watches every page of a context from its beginning on. */
export async function watch(context: BrowserContext): Promise<Watch> {
  const requests: Request[] = [];
  const pending = new Set<Request>();
  const reports: string[] = [];
  const lines: string[] = [];
  await context.exposeFunction('reportViolation', (text: string) => {
    reports.push(`content security policy: ${text}`);
  });
  await context.addInitScript({ content: LISTENER });
  context.on('request', (request) => {
    requests.push(request);
    pending.add(request);
  });
  context.on('requestfinished', (request) => pending.delete(request));
  context.on('requestfailed', (request) => pending.delete(request));
  context.on('console', (message) => {
    lines.push(message.text());
    if (message.type() === 'error' && !ANSWER.test(message.text())) reports.push(`error: ${message.text()}`);
  });
  context.on('weberror', (error) => reports.push(`uncaught: ${error.error().message}`));
  context.on('dialog', async (dialog) => {
    reports.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  return { requests, pending, reports, lines };
}
