/** A setting with a value that the deployment cannot use. `why` is the rest of a sentence whose subject is the setting. */
export class UnusableSetting extends Error {
  readonly key: string;
  readonly why: string;

  constructor(key: string, why: string) {
    super(`Setting "${key}" is not usable: ${why}.`);
    this.key = key;
    this.why = why;
  }
}
