import * as z from 'zod';
import { type Contender, type Layout, OVERALL } from './contender.ts';
import {
  bodyOf,
  changeRow,
  compared,
  digest,
  dueIn,
  expiry,
  joined,
  packed,
  rivalTable,
  split,
  textIn,
  unpacked,
} from './rival-table.ts';
import { statuses } from './statuses.ts';

const SIZE = 10;
const digits = (n: number) => String(n).padStart(6, '0');
const Hashes = z.array(z.string());
const Versions = z.array(z.number());

/**
 * One row for every ten items, by position. A refresh writes a page if its hash changed. The hashes are in a row of
 * their own, which readers do not read.
 * @param keepsAll packs pages and gives each the version that wrote it. A small directory, copied with every superseded
 * version, names the valid version of each page. Superseded pages expire. A version's changes are recorded, and the
 * next due time.
 */
function pagesOfTen(keepsAll: boolean): Layout['start'] {
  return async (engine, resultId): Promise<Contender> => {
    const name = await engine.table();
    const table = rivalTable(engine.client, name, resultId);
    const skOf = (page: number, version: number) => `page#${digits(page)}${keepsAll ? `#${digits(version)}` : ''}`;
    let now = 1_800_000_000_000;
    return {
      table: name,
      async refresh({ texts, renews }) {
        now += 60_000;
        const { fetched, hash, meta, isNew, version } = await compared(table, texts);
        if (isNew || renews) {
          const [current, known] = meta ? [await table.get('head#current'), await table.get('hashes')] : [];
          const hashes: string[] = [];
          for (let i = 0; i < fetched.length; i += SIZE)
            hashes.push(digest(fetched.slice(i, i + SIZE).map((item) => item.hash)));
          const before = known ? Hashes.parse(split(textIn(known))) : [];
          const versions = current?.dir ? Versions.parse(JSON.parse(unpacked(current.dir))) : [];
          const changed = hashes.flatMap((one, page) => (renews || one !== before[page] ? [page] : []));
          const superseded =
            keepsAll && isNew
              ? changed.filter((page) => page < before.length).map((page) => skOf(page, versions[page] ?? 0))
              : [];
          const after = hashes.map((_, page) =>
            isNew && changed.includes(page) ? version : (versions[page] ?? version),
          );
          await table.putAll(
            changed.map((page) => ({
              sk: skOf(page, after[page] ?? 0),
              ...bodyOf(joined(texts.slice(page * SIZE, (page + 1) * SIZE)), keepsAll),
            })),
          );
          const old = superseded.length > 0 ? await table.some(superseded) : [];
          if (isNew) {
            const head = {
              total: texts.length,
              overall: OVERALL,
              version,
              ...(keepsAll && { dir: packed(JSON.stringify(after)) }),
            };
            if (keepsAll && current)
              await table.put(`history#${version - 1}`, { ...current, sk: `history#${version - 1}`, ...expiry });
            await table.put('head#current', head);
            await table.put('hashes', bodyOf(joined(hashes), false));
          }
          if (keepsAll && isNew) {
            await table.putAll(old.map((row) => ({ ...row, sk: String(row.sk), ...expiry })));
            if (current) await table.update(`change#${version - 1}`, { confirmed_until: now, ...expiry });
            const own = changed.flatMap((page) => fetched.slice(page * SIZE, (page + 1) * SIZE));
            const was = statuses(old.flatMap((row) => split(textIn(row))));
            await table.put(`change#${version}`, changeRow(version, was, own, texts.length));
          }
        }
        await table.update('head#meta', { hash, version, checked_at: now, ...(keepsAll && dueIn(now)) });
      },
      async read(offset, size) {
        const head = await table.query('head#', 'head$');
        const current = head.find(({ sk }) => sk === 'head#current');
        if (!current) return [];
        const versions = current.dir ? Versions.parse(JSON.parse(unpacked(current.dir))) : [];
        const total = Number(current.total);
        const first = Math.floor(offset / SIZE);
        const last = Math.floor((Math.min(offset + size, total) - 1) / SIZE);
        const sks = Array.from({ length: last - first + 1 }, (_, i) => skOf(first + i, versions[first + i] ?? 0));
        const rows = await table.some(sks);
        return rows.flatMap((row) => split(textIn(row))).slice(offset - first * SIZE, offset - first * SIZE + size);
      },
    };
  };
}

export const tensPlain: Layout = {
  name: 'pages of 10',
  lacks: ['one consistent list', 'due time', 'history'],
  start: pagesOfTen(false),
};
export const tensPromising: Layout = { name: 'packed pages of 10 +', lacks: [], start: pagesOfTen(true) };
