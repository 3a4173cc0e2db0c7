/** Writes a whole number for a person: 10,000. */
export const number = (n: number): string => n.toLocaleString('en');

/** Writes a number of things: `1 group`, `2 groups`. */
export const count = (n: number, noun: string): string => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
