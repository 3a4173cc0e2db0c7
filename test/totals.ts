import type { Reporter, TestModule } from 'vitest/node';

/**
 * Begins a run with one line that says what it draws its cases from, and ends it with one that says how many tests passed and
 * failed; a file that could not run counts as a failure.
 */
export default class Totals implements Reporter {
  readonly #drawn: string;

  constructor(drawn: string) {
    this.#drawn = drawn;
  }

  onTestRunStart(): void {
    console.log(`${this.#drawn}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: (typeof states)[number]) => states.filter((one) => one === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
    console.log(
      `\n${count('failed') + broken > 0 ? `${this.#drawn}\n` : ''}${count('passed')} passed, ${count('failed') + broken} failed${skipped}`,
    );
  }
}
