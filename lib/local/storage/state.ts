import { DatabaseSync } from 'node:sqlite';

/** A key-value store that persists across runs: signing keys, refresh tokens, generated secrets. */
export interface State {
  get(key: string): string | undefined;
  /** Returns when the value is on disk. */
  put(key: string, value: string): void;
  delete(key: string): void;
  entries(prefix: string): readonly { readonly key: string; readonly value: string }[];
  close(): void;
}

export function openState(file: string): State {
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
  );
  const one = database.prepare('SELECT key, value FROM entry WHERE key = ?');
  const many = database.prepare('SELECT key, value FROM entry WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key');
  const put = database.prepare('INSERT OR REPLACE INTO entry (key, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM entry WHERE key = ?');
  const row = (found: Record<string, unknown>) => ({ key: String(found.key), value: String(found.value) });
  return {
    get(key) {
      const found = one.get(key);
      return found === undefined ? undefined : row(found).value;
    },
    put: (key, value) => void put.run(key, value),
    delete: (key) => void remove.run(key),
    entries: (prefix) => many.all(prefix).map(row),
    close: () => database.close(),
  };
}
