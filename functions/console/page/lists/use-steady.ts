import { useRef, useState } from 'preact/hooks';
import { steadyOrder, steadyRows } from './steady-order.ts';

interface Steady<Row> {
  readonly rows: readonly Row[];
  /** How many rows wait until the user points elsewhere, or requests them. */
  readonly waiting: number;
  /** Applies the latest order. */
  readonly release: () => void;
  /** The listeners of the list's element. */
  readonly hold: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocusIn: () => void;
    readonly onFocusOut: (event: FocusEvent) => void;
  };
}

/**
 * Keeps rows where they are while the pointer or the focus is in the list. Their values still change.
 * @param key names the list: another one is shown at once.
 */
export function useSteady<Row>(key: string, latest: readonly Row[], idOf: (row: Row) => string): Steady<Row> {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const shown = useRef<{ key: string; ids: readonly string[] }>({ key, ids: [] });
  const rows = useRef<ReadonlyMap<string, Row>>(new Map());
  const [, setReleases] = useState(0);

  const before = shown.current.key === key ? shown.current.ids : [];
  const { ids, waiting } = steadyOrder(before, latest.map(idOf), isPointed || isFocused);
  shown.current = { key, ids };
  rows.current = steadyRows(ids, rows.current, new Map(latest.map((row) => [idOf(row), row])));
  return {
    rows: [...rows.current.values()],
    waiting,
    release() {
      shown.current = { key, ids: latest.map(idOf) };
      setReleases((count) => count + 1);
    },
    hold: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocusIn: () => setFocused(true),
      onFocusOut: ({ currentTarget, relatedTarget }) =>
        setFocused(
          currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget),
        ),
    },
  };
}
