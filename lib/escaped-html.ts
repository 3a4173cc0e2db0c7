const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

/** Escapes a text for HTML: for an element, and for an attribute in double quotes. */
export const escapedHtml = (text: string): string =>
  text.replaceAll(/[&"<>]/g, (character) => ENTITIES[character] ?? '');
