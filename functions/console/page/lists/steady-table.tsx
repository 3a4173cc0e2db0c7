import { Button } from '../parts/button.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { useSteady } from './use-steady.ts';

interface Props<Row> {
  /** Names the list. Another list is shown at once. */
  readonly list: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  /** In the latest order. */
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** A table that refreshes itself, and moves no row while the user points at it. */
export function SteadyTable<Row>({ list, caption, columns, rows: latest, keyOf }: Props<Row>) {
  const { rows, waiting, release, hold } = useSteady(list, latest, keyOf);
  return (
    <>
      <div {...hold}>
        <Table caption={caption} columns={columns} rows={rows} keyOf={keyOf} />
      </div>
      {/* Below the table: above it, it would move the rows. */}
      {waiting > 0 && (
        <p class="row notice">
          The order of the list has changed. <Button onPress={release}>Show the latest order</Button>
        </p>
      )}
    </>
  );
}
