import { UUID } from '../group/uuid.ts';

/** A line that holds no id. */
interface RefusedLine {
  /** From 1. */
  readonly line: number;
  /** The line without surrounding white space. */
  readonly text: string;
}

/** What a list of ids holds. */
export interface IdList {
  /** The distinct ids in lower case, in the order of their first lines. */
  readonly ids: readonly string[];
  readonly refused: readonly RefusedLine[];
  /** Lines that repeat the id of an earlier line. */
  readonly duplicates: number;
}

/**
 * Reads one id a line. White space around an id, empty lines, lines that begin with `#`, and a byte order mark have no
 * meaning. Lines end with LF or CRLF.
 */
export function parseIds(text: string): IdList {
  const ids = new Set<string>();
  const refused: RefusedLine[] = [];
  let duplicates = 0;
  for (const [at, line] of text.split(/\r\n|\n|\r/).entries()) {
    // `trim` also removes a byte order mark.
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    const id = content.toLowerCase();
    if (!UUID.test(id)) refused.push({ line: at + 1, text: content });
    else if (ids.has(id)) duplicates++;
    else ids.add(id);
  }
  return { ids: [...ids], refused, duplicates };
}
