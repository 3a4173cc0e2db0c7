/** Writes a number of things: `1 group`, `2 groups`. @param plural where it is not the noun with an s. */
export const count = (n: number, noun: string, plural = `${noun}s`): string => `${n} ${n === 1 ? noun : plural}`;
