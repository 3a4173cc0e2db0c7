/** Rows in the order in which they are shown. */
export interface SteadyOrder {
  readonly ids: readonly string[];
  /** How many rows of the latest order are new or elsewhere. */
  readonly waiting: number;
}

/**
 * Returns the order of a list's rows after a refresh. While the user points at the list, its rows stay where they are.
 * @param shown the order before. @param latest that of the answer.
 */
export function steadyOrder(shown: readonly string[], latest: readonly string[], isHeld: boolean): SteadyOrder {
  if (!isHeld || shown.length === 0) return { ids: latest, waiting: 0 };
  const moved = latest.filter((id, i) => shown[i] !== id);
  return { ids: shown, waiting: moved.length };
}
