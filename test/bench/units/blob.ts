import { type Contender, type Layout, OVERALL } from './contender.ts';
import { bodyOf, changeRow, compared, dueIn, expiry, joined, rivalTable, split, textIn } from './rival-table.ts';
import { statuses } from './statuses.ts';

/**
 * One row with the whole group, beside a small one that every refresh updates. One put replaces the list, so it is
 * consistent.
 * @param keepsAll packs the blob, copies every superseded version, and records its changes and the next due time.
 */
function blob(keepsAll: boolean): Layout['start'] {
  return async (engine, resultId): Promise<Contender> => {
    const name = await engine.table();
    const table = rivalTable(engine.client, name, resultId);
    let now = 1_800_000_000_000;
    return {
      table: name,
      async refresh({ texts, renews }) {
        now += 60_000;
        const { fetched, hash, meta, isNew, version } = await compared(table, texts);
        if (isNew || renews) {
          const body = { total: texts.length, overall: OVERALL, version, ...bodyOf(joined(texts), keepsAll) };
          if (keepsAll && isNew) {
            const old = meta && (await table.get('head#blob'));
            if (old) await table.put(`history#${version - 1}`, { ...old, sk: `history#${version - 1}`, ...expiry });
            await table.put('head#blob', body);
            if (old) await table.update(`change#${version - 1}`, { confirmed_until: now, ...expiry });
            const before = old ? split(textIn(old)) : [];
            await table.put(`change#${version}`, changeRow(version, statuses(before), fetched, texts.length));
          } else await table.put('head#blob', body);
        }
        await table.update('head#meta', { hash, version, checked_at: now, ...(keepsAll && dueIn(now)) });
      },
      async read(offset, size) {
        const row = (await table.query('head#', 'head$')).find(({ sk }) => sk === 'head#blob');
        return row ? split(textIn(row)).slice(offset, offset + size) : [];
      },
    };
  };
}

export const blobPlain: Layout = { name: 'one JSON row', lacks: ['due time', 'history'], start: blob(false) };
export const blobPromising: Layout = { name: 'one packed row +', lacks: [], start: blob(true) };
