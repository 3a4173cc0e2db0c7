/** The three forms of an HTTP date (RFC 9110, 5.6.7). The last one, of `asctime`, names no zone and means UTC. */
const FORMS = /^(?:[a-z]+, \d\d[ -][a-z]{3}[ -](?:\d\d)?\d\d [\d:]{8} GMT|[a-z]{3} [a-z]{3} [ \d]\d [\d:]{8} \d{4})$/i;

/** @returns ms since the epoch, in whole seconds; undefined for a text that is no HTTP date. */
export function httpDate(text: string): number | undefined {
  if (!FORMS.test(text)) return undefined;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) || undefined;
}
