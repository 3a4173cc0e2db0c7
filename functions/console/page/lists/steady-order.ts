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

/**
 * Returns the rows of an order, by their ids. A row that has left the list stays as it was shown until the order is
 * released. @param shown the rows before. @param latest those of the answer.
 */
export function steadyRows<Row>(
  ids: readonly string[],
  shown: ReadonlyMap<string, Row>,
  latest: ReadonlyMap<string, Row>,
): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const id of ids) {
    const row = latest.get(id) ?? shown.get(id);
    if (row !== undefined) rows.set(id, row);
  }
  return rows;
}
