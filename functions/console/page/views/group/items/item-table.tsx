import { useMemo } from 'preact/hooks';
import { useApp } from '../../../app-context.ts';
import { Button } from '../../../parts/button.tsx';
import { Status } from '../../../parts/status.tsx';
import { type Column, Table } from '../../../parts/table.tsx';
import { type ItemFacts, itemFacts } from './item-facts.ts';

interface Row extends ItemFacts {
  /** How many items come before it. */
  readonly index: number;
}

/** The items of a page. One of them can be open. */
export function ItemTable({ items, offset }: { readonly items: readonly string[]; readonly offset: number }) {
  const { place, set } = useApp();
  const rows = useMemo(() => items.map((text, i) => ({ ...itemFacts(text), index: offset + i })), [items, offset]);
  const opened = place.params.item;
  const columns: readonly Column<Row>[] = [
    { title: 'Item', cell: ({ index }) => String(index + 1), isNumber: true },
    { title: 'id', cell: ({ id }) => <code>{id}</code> },
    { title: 'Service', cell: ({ service }) => service },
    { title: 'Status', cell: ({ status }) => <Status status={status} /> },
    { title: 'Result', cell: ({ outputStatus }) => outputStatus },
    {
      title: 'Content',
      cell: ({ index, id }) => (
        <Button
          kind="quiet"
          label={`JSON of ${id}`}
          isPressed={opened === String(index)}
          onPress={() => set({ item: opened === String(index) ? '' : String(index) })}
        >
          JSON
        </Button>
      ),
    },
  ];
  return <Table caption="Items" columns={columns} rows={rows} keyOf={({ index }) => String(index)} />;
}
