/** The most keys of which an instance of a function remembers something. */
const MAX_REMEMBERED = 1_000;

/** Sets an entry of a map by key id. The oldest entry goes where there are too many. */
export function remember<T>(map: Map<string, T>, id: string, value: T): void {
  map.delete(id);
  map.set(id, value);
  const [oldest] = map.keys();
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
