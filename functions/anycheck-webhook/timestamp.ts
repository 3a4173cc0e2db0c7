const NUMBER = /^\d{9,14}(\.\d{1,9})?$/;
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/i;
/** A larger number is ms: in seconds it would be the year 5138. */
const MAX_EPOCH_SECONDS = 1e11;

/**
 * Parses a timestamp in ISO 8601 (UTC if it has no zone), epoch seconds or epoch ms.
 * @returns ms since the epoch; undefined for any other text.
 */
export function timestampMs(text: string): number | undefined {
  if (NUMBER.test(text)) {
    const number = Number(text);
    return number < MAX_EPOCH_SECONDS ? number * 1000 : number;
  }
  const zone = ISO_8601.exec(text)?.[2];
  const time = ISO_8601.test(text) ? Date.parse(zone === undefined ? `${text}Z` : text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
