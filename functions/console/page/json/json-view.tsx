import { useMemo, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { TextField } from '../parts/field.tsx';
import { useWindow } from '../parts/use-window.ts';
import { linesOf } from './lines.ts';

const LINE_HEIGHT = 20;

interface Props {
  /** What the text is. A screen reader says it. */
  readonly label: string;
  readonly text: string;
}

/** A JSON text with all its digits, which can be searched. Only the visible lines are rendered. */
export function JsonView({ label, text }: Props) {
  const lines = useMemo(() => linesOf(text), [text]);
  const [query, setQuery] = useState('');
  const [current, setCurrent] = useState(0);
  const matches = useMemo(() => matchesOf(lines, query), [lines, query]);
  const { scroller, onScroll, first, end, show } = useWindow(lines.length, LINE_HEIGHT);

  function go(match: number): void {
    const next = (match + matches.length) % matches.length;
    setCurrent(next);
    show(matches[next] ?? 0);
  }
  return (
    <div class="stack">
      <form
        class="row fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (matches.length > 0) go(current + 1);
        }}
      >
        <TextField
          label="Search in the JSON"
          type="search"
          value={query}
          onInput={(value) => {
            setQuery(value);
            setCurrent(-1);
          }}
        />
        <Button submits isDisabled={matches.length === 0}>
          Next
        </Button>
        <Button isDisabled={matches.length === 0} onPress={() => go(current - 1)}>
          Previous
        </Button>
        <span role="status">{query !== '' && `Matching lines: ${matches.length}`}</span>
        <CopyButton text={text}>Copy JSON</CopyButton>
      </form>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by the keyboard */}
      <section class="code" aria-label={label} tabIndex={0} ref={scroller} onScroll={onScroll}>
        <div class="code-canvas" style={{ height: `${lines.length * LINE_HEIGHT}px` }}>
          <pre style={{ transform: `translateY(${first * LINE_HEIGHT}px)` }}>
            {lines.slice(first, end).map((line, i) => (
              <Line
                key={first + i}
                text={line}
                query={query}
                isCurrent={matches.length > 0 && matches[current] === first + i}
              />
            ))}
          </pre>
        </div>
      </section>
    </div>
  );
}

function matchesOf(lines: readonly string[], query: string): number[] {
  const sought = query.toLowerCase();
  return sought === '' ? [] : lines.flatMap((line, i) => (line.toLowerCase().includes(sought) ? [i] : []));
}

interface LineProps {
  readonly text: string;
  readonly query: string;
  readonly isCurrent: boolean;
}

function Line({ text, query, isCurrent }: LineProps) {
  const at = query === '' ? -1 : text.toLowerCase().indexOf(query.toLowerCase());
  if (at < 0) return <div>{text}</div>;
  const end = at + query.length;
  return (
    <div class={isCurrent ? 'current-line' : undefined}>
      {text.slice(0, at)}
      <mark>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </div>
  );
}
