import type { Found } from './names.ts';

/** A retired term in its forms, each one word or several in a row, and its replacement. */
export interface Term {
  readonly forms: readonly string[];
  readonly use: string;
  /** Where the term is ordinary English in names or in sentences, the check reads the other alone. */
  readonly only?: Found['kind'];
}

/** The words of a name or sentence, in lower case: `HELD_BACK`, `heldBack` and `held-back` are `held`, `back`. */
export function wordsOf(text: string): string[] {
  const spaced = text.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return spaced
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}

/** The forms of `terms` that a name or title has, each with its replacement. */
export function findTerms({ kind, text }: Found, terms: readonly Term[]): { form: string; use: string }[] {
  const words = ` ${wordsOf(text).join(' ')} `;
  return terms.flatMap(({ forms, use, only }) =>
    only && only !== kind ? [] : forms.filter((form) => words.includes(` ${form} `)).map((form) => ({ form, use })),
  );
}
