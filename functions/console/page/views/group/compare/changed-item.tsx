import { useMemo, useState } from 'preact/hooks';
import type { Body } from '../../../api/route-types.ts';
import { useLoad } from '../../../api/use-load.ts';
import { linesOf } from '../../../json/lines.ts';
import { patchSteps } from '../../../json/patch-steps.ts';
import { Problem } from '../../../parts/problem.tsx';
import { State } from '../../../parts/status.tsx';
import type { ItemPages, PageRequest } from '../items/item-pages.ts';

type Change = Body<'GET /groups/{result_id}/diff'>['verifications'][number];

interface Props {
  readonly change: Change;
  /** The source text of the patch of a changed verification. */
  readonly patch: string | undefined;
  /** The earlier version. */
  readonly request: Pick<PageRequest, 'resultId' | 'version'>;
  readonly pages: ItemPages;
}

const TONES = { added: 'good', removed: 'bad', changed: 'warning', moved: 'neutral' } as const;

/** How a verification differs. The patch of a changed one is shown when it is opened. */
export function ChangedItem({ change, patch, request, pages }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { verification_id, from_index, to_index } = change;
  const heading = (
    <>
      <State tone={TONES[change.change]}>{change.change}</State> <code>{verification_id}</code>{' '}
      <span class="quiet-text">{placesOf(change)}</span>
    </>
  );
  if (patch === undefined || from_index === null || to_index === null) return <div>{heading}</div>;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{heading}</summary>
      {isOpen && <Steps patch={patch} request={{ ...request, offset: from_index, size: 1 }} pages={pages} />}
    </details>
  );
}

function placesOf({ from_index, to_index }: Change): string {
  if (from_index === null) return `at ${(to_index ?? 0) + 1}`;
  if (to_index === null) return `from ${from_index + 1}`;
  return from_index === to_index ? '' : `from ${from_index + 1} to ${to_index + 1}`;
}

interface StepsProps {
  readonly patch: string;
  readonly request: PageRequest;
  readonly pages: ItemPages;
}

function Steps({ patch, request, pages }: StepsProps) {
  const { data, error, reload } = useLoad(`before ${JSON.stringify(request)}`, (signal) => pages.read(request, signal));
  const before = data?.items[0];
  const steps = useMemo(() => (before === undefined ? [] : patchSteps(before, patch)), [before, patch]);
  if (error) return <Problem error={error} onRetry={() => void reload()} />;
  if (!data) return <p role="status">Loading</p>;
  return (
    <table class="table patch">
      <caption class="hidden-text">Changes of this verification</caption>
      <thead>
        <tr>
          <th scope="col">Path</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ path, before: old, after }, i) => (
          <tr key={i}>
            <td data-title="Path">
              <code>{path || '(all)'}</code>
            </td>
            <td data-title="Before">
              <Value text={old} />
            </td>
            <td data-title="After">
              <Value text={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Lines of a value that are shown. The items hold all of it. */
const MAX_LINES = 200;

function Value({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return <span class="quiet-text">none</span>;
  const lines = linesOf(text);
  const rest = lines.length - MAX_LINES;
  return (
    <pre>
      {lines.slice(0, MAX_LINES).join('\n')}
      {rest > 0 && `\n… ${rest} more lines`}
    </pre>
  );
}
