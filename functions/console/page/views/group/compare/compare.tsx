import { useMemo, useState } from 'preact/hooks';
import { useLoad } from '../../../api/use-load.ts';
import { useApp } from '../../../app-context.ts';
import { diffTexts } from '../../../json/answer-texts.ts';
import { absoluteTime } from '../../../parts/absolute-time.ts';
import { Button } from '../../../parts/button.tsx';
import { count } from '../../../parts/count.ts';
import { Empty } from '../../../parts/empty.tsx';
import { ChoiceField } from '../../../parts/field.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { Status } from '../../../parts/status.tsx';
import type { Group } from '../../groups/group-pages.ts';
import type { ItemPages } from '../items/item-pages.ts';
import type { History } from '../load-history.ts';
import { ChangedItem } from './changed-item.tsx';
import { comparedVersions } from './compared-versions.ts';

const PAGE = 50;

interface Props {
  readonly group: Group;
  readonly history: History;
  readonly pages: ItemPages;
}

/** Compares two versions, verification by verification. */
export function Compare({ group, history: { versions }, pages }: Props) {
  const { place, set } = useApp();
  const { from, to } = comparedVersions(versions, place.params);
  const options = useMemo(
    () => versions.map(({ version, at }) => [String(version), `${version}, ${absoluteTime(Date.parse(at))}`] as const),
    [versions],
  );
  if (versions.length < 2) {
    return (
      <Empty title="There is nothing to compare yet.">
        <p>The group has a single version.</p>
      </Empty>
    );
  }
  return (
    <div class="stack">
      <div class="row fields">
        <ChoiceField
          label="From version"
          value={from}
          options={options}
          onChange={(value) => set({ from: value, to })}
        />
        <ChoiceField label="To version" value={to} options={options} onChange={(value) => set({ to: value, from })} />
        <Button onPress={() => set({ from: to, to: from })}>Swap</Button>
      </div>
      <Differences
        key={`${from} ${to} ${group.redacted}`}
        resultId={group.result_id}
        from={from}
        to={to}
        pages={pages}
      />
    </div>
  );
}

interface DifferencesProps {
  readonly resultId: string;
  readonly from: string;
  readonly to: string;
  readonly pages: ItemPages;
}

function Differences({ resultId, from, to, pages }: DifferencesProps) {
  const { client } = useApp();
  const [shown, setShown] = useState(PAGE);
  const { data, error, reload } = useLoad(`diff ${resultId} ${from} ${to}`, async (signal) => {
    const input = { parameters: { result_id: resultId }, query: { from, to } };
    const { body, text } = await client.call('GET /groups/{result_id}/diff', input, { signal });
    return { ...body, ...diffTexts(text) };
  });
  if (error) return <Problem error={error} onRetry={() => void reload()} />;
  if (!data) return <p role="status">Loading</p>;
  const { verifications, total, overall_status, patches } = data;
  return (
    <>
      <p class="row" role="status">
        {`${count(verifications.length, 'difference')}. Items: ${total.from} → ${total.to}.`}
        <span>
          Overall status: <Status status={overall_status.from} /> → <Status status={overall_status.to} />
        </span>
      </p>
      <ul class="plain stack">
        {verifications.slice(0, shown).map((change, i) => (
          <li key={`${change.change} ${change.verification_id}`}>
            <ChangedItem change={change} patch={patches[i]} request={{ resultId, version: from }} pages={pages} />
          </li>
        ))}
      </ul>
      {shown < verifications.length && <Button onPress={() => setShown(shown + PAGE)}>Show more</Button>}
    </>
  );
}
