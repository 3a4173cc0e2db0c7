import { useEffect } from 'preact/hooks';
import { useLoad } from '../../../api/use-load.ts';
import { useApp } from '../../../app-context.ts';
import { Button } from '../../../parts/button.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { ChoiceField } from '../../../parts/field.tsx';
import { Problem } from '../../../parts/problem.tsx';
import type { Group } from '../../groups/group-pages.ts';
import { ItemDetails } from './item-details.tsx';
import type { ItemPage, ItemPages } from './item-pages.ts';
import { ItemTable } from './item-table.tsx';
import { MomentForm } from './moment-form.tsx';

const SIZES = ['1', '10', '25', '50', '100'].map((size) => [size, size] as const);
const DEFAULT_SIZE = 25;

interface Props {
  readonly group: Group;
  readonly pages: ItemPages;
}

/** The items of a version, or of the version that was current at a moment, page by page. */
export function Items({ group, pages }: Props) {
  const { place, set } = useApp();
  const { version = '', as_of = '', item = '' } = place.params;
  const offset = Math.max(0, Math.trunc(Number(place.params.offset)) || 0);
  const size = Math.max(1, Math.trunc(Number(place.params.size)) || DEFAULT_SIZE);
  const { result_id, version: current } = group;
  const loaded = useLoad(
    current === null ? undefined : `items ${[result_id, as_of, offset, size].join(' ')}`,
    (signal) =>
      pages.read({ resultId: result_id, version: version || String(current), asOf: as_of, offset, size }, signal),
    `${version} ${current} ${group.redacted}`,
  );
  const { error, isLoading, reload } = loaded;
  const data = isOf(loaded.data, version, as_of) ? loaded.data : undefined;
  const openVersion = item === '' ? undefined : data?.version;
  useEffect(() => {
    // A new version can have another item at this place, so the open item stays that of its version.
    if (openVersion !== undefined && version === '' && as_of === '') set({ version: openVersion }, true);
  }, [openVersion, version, as_of]);
  if (current === null) {
    return (
      <Empty title="There are no items yet.">
        <p>They appear with the first successful refresh.</p>
      </Empty>
    );
  }
  return (
    <div class="stack">
      <MomentForm key={`${version} ${as_of}`} version={version} asOf={as_of} current={current} />
      {error && <Problem error={error} onRetry={() => void reload()} />}
      {!data && isLoading && <p role="status">Loading</p>}
      {data && <PageOfItems page={data} offset={offset} size={size} group={group} />}
    </div>
  );
}

/** Whether a page is what the user chose. It can be of the version that was chosen before. */
const isOf = (page: ItemPage | undefined, version: string, asOf: string): boolean =>
  version === '' || asOf !== '' || Number(page?.version) === Number(version);

interface PageProps {
  readonly page: ItemPage;
  readonly offset: number;
  readonly size: number;
  readonly group: Group;
}

function PageOfItems({ page, offset, size, group }: PageProps) {
  const { place, set } = useApp();
  const total = Number(page.total);
  const opened = place.params.item ?? '';
  const text = opened === '' ? undefined : page.items[Number(opened) - offset];
  const last = Math.min(total, offset + page.items.length);
  return (
    <>
      <p class="row" role="status">
        {`Version ${page.version} of ${group.version}, confirmed ${page.age} s before it was read. ` +
          `Items ${Math.min(total, offset + 1)} to ${last} of ${page.total}.`}
      </p>
      <ItemTable items={page.items} offset={offset} />
      <div class="row fields">
        <Button isDisabled={offset === 0} onPress={() => set({ offset: String(Math.max(0, offset - size)), item: '' })}>
          Previous page
        </Button>
        <Button isDisabled={last >= total} onPress={() => set({ offset: String(offset + size), item: '' })}>
          Next page
        </Button>
        <ChoiceField
          label="Items a page"
          value={String(size)}
          options={SIZES}
          onChange={(value) => set({ size: value, item: '' })}
        />
      </div>
      {text !== undefined && <ItemDetails key={`${page.version} ${opened}`} index={Number(opened)} text={text} />}
    </>
  );
}
