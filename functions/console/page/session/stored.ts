/**
 * Reads an object from the storage of this tab. A text that is no JSON object counts as absent: it would break the page at
 * each load. @returns an empty object where there is none.
 */
export function storedObject(storage: Pick<Storage, 'getItem'>, key: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(storage.getItem(key) ?? '{}') };
  } catch {
    return {};
  }
}
