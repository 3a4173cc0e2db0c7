import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET } from '../../../domain/json/characters.ts';
import { skipSpace, valueEnd } from '../../../domain/json/json.ts';

const INDENT = '  ';

/**
 * Returns the lines of a JSON text with an indent for each level. Every value keeps its source text, so that all digits
 * of a number are shown. @param text JSON that `JSON.parse` has accepted. It may be megabytes.
 */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  const end = () => {
    lines.push(line);
    line = INDENT.repeat(depth);
  };
  for (let i = skipSpace(text, 0); i < text.length; i = skipSpace(text, i)) {
    const code = text.charCodeAt(i);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      line += text[i++];
      const next = skipSpace(text, i);
      if (isClosing(text.charCodeAt(next))) {
        line += text[next];
        i = next + 1;
      } else {
        depth++;
        end();
      }
    } else if (isClosing(code)) {
      depth--;
      end();
      line += text[i++];
    } else if (code === COMMA) {
      line += text[i++];
      end();
    } else if (code === COLON) {
      line += ': ';
      i++;
    } else {
      const valueEndAt = valueEnd(text, i);
      line += text.slice(i, valueEndAt);
      i = valueEndAt;
    }
  }
  lines.push(line);
  return lines;
}

const isClosing = (code: number) => code === CLOSE_BRACE || code === CLOSE_BRACKET;
