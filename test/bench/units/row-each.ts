import { type Contender, type Layout, OVERALL } from './contender.ts';
import { bodyOf, changeRow, compared, dueIn, expiry, rivalTable, textIn } from './rival-table.ts';

const GAP = 2 ** 20;
const digits = (n: number, length: number) => String(n).padStart(length, '0');

/**
 * Positions in the list that leave room for another one in between. Where there is no room, all positions are assigned
 * again.
 */
function ranked(ids: readonly string[], known: ReadonlyMap<string, number>): number[] {
  const ranks: number[] = [];
  let next: number | undefined;
  const nextIds = ids.toReversed().map((id) => {
    const after = next;
    next = known.get(id) ?? next;
    return after;
  });
  for (const [i, id] of ids.entries()) {
    const before = ranks[i - 1] ?? 0;
    const after = nextIds[ids.length - 1 - i];
    ranks.push(known.get(id) ?? (after === undefined ? before + GAP : Math.floor((before + after) / 2)));
  }
  const increase = ranks.every((rank, i) => rank > (ranks[i - 1] ?? 0));
  return increase ? ranks : ids.map((_, i) => (i + 1) * GAP);
}

/**
 * One row for every item, in the order of the list. A reader skips the rows before its page.
 * @param keepsAll packs items, and gives each row the version that wrote it and the one that ends it. Readers take the
 * rows that are valid in the version that the head names. Superseded rows expire. A version's changes are recorded, and
 * the next due time.
 */
function rowEach(keepsAll: boolean): Layout['start'] {
  return async (engine, resultId): Promise<Contender> => {
    const name = await engine.table();
    const table = rivalTable(engine.client, name, resultId);
    const skOf = (rank: number, version: number) =>
      `item#${digits(rank, 12)}${keepsAll ? `#${digits(version, 6)}` : ''}`;
    let now = 1_800_000_000_000;
    return {
      table: name,
      async refresh({ texts, renews }) {
        now += 60_000;
        const { fetched, hash, meta, isNew, version } = await compared(table, texts);
        if (isNew || renews) {
          const stored = meta ? (await table.query('item#', 'item$')).filter(({ ends }) => ends === undefined) : [];
          const byId = new Map(stored.map((row) => [String(row.id), row]));
          const ranks = ranked(
            fetched.map(({ id }) => id),
            new Map(stored.map((row) => [String(row.id), Number(row.rank)])),
          );
          const changed = fetched.flatMap((item, i) => {
            const row = byId.get(item.id);
            const isSame = row?.hash === item.hash && row.rank === ranks[i];
            if (isSame && !renews) return [];
            return { item, rank: ranks[i] ?? 0, from: isNew && !isSame ? version : Number(row?.from) };
          });
          await table.putAll(
            changed.map(({ item, rank, from }) => ({
              sk: skOf(rank, from),
              rank,
              from,
              id: item.id,
              status: item.status,
              hash: item.hash,
              ...bodyOf(item.text, keepsAll),
            })),
          );
          const before = changed.map(({ item }) => byId.get(item.id));
          const old = isNew ? before.filter((row) => row !== undefined) : [];
          if (keepsAll)
            await table.putAll(old.map((row) => ({ ...row, sk: String(row.sk), ends: version, ...expiry })));
          if (isNew) await table.put('head#current', { total: texts.length, overall: OVERALL, version });
          if (keepsAll && isNew) {
            if (meta) await table.update(`change#${version - 1}`, { confirmed_until: now, ...expiry });
            const was = new Map(old.map((row) => [String(row.id), row.status === null ? null : String(row.status)]));
            await table.put(
              `change#${version}`,
              changeRow(
                version,
                was,
                changed.map(({ item }) => item),
                texts.length,
              ),
            );
          }
        }
        await table.update('head#meta', { hash, version, checked_at: now, ...(keepsAll && dueIn(now)) });
      },
      async read(offset, size) {
        const head = await table.query('head#', 'head$');
        const version = Number(head.find(({ sk }) => sk === 'head#current')?.version);
        const isAlive = (row: Record<string, unknown>) =>
          !keepsAll || (Number(row.from) <= version && !(Number(row.ends) <= version));
        const rows = await table.query('item#', 'item$', (read) => offset + size - read.filter(isAlive).length);
        return rows
          .filter(isAlive)
          .slice(offset, offset + size)
          .map(textIn);
      },
    };
  };
}

export const rowsPlain: Layout = {
  name: 'a row each',
  lacks: ['one consistent list', 'due time', 'history'],
  start: rowEach(false),
};
export const rowsPromising: Layout = { name: 'a packed row each +', lacks: [], start: rowEach(true) };
