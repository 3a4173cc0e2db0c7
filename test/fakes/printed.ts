import { afterEach, beforeEach, vi } from 'vitest';

/** The JSON lines that a test's function prints, gathered anew for each test. */
export function printedLines(): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  beforeEach(() => {
    lines.length = 0;
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(JSON.parse(String(text)));
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());
  return lines;
}
