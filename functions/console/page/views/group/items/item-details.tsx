import { useEffect, useMemo, useRef } from 'preact/hooks';
import { JsonView } from '../../../json/json-view.tsx';
import { itemFacts } from './item-facts.ts';

interface Props {
  /** How many items come before it. */
  readonly index: number;
  readonly text: string;
}

/** The whole content of an item. It receives the focus when it opens. */
export function ItemDetails({ index, text }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { id } = useMemo(() => itemFacts(text), [text]);
  return (
    <section aria-label={`Item ${index + 1}`}>
      <h2 class="long-text" ref={heading} tabIndex={-1}>
        {`Item ${index + 1}: `}
        <code>{id}</code>
      </h2>
      <JsonView label={`JSON of item ${index + 1}`} text={text} />
    </section>
  );
}
