import { Status, statusClass } from '../../parts/status.tsx';

const WIDTH = 100;

/** The items of a group by status, as a stacked bar with a list of the counts. */
export function StatusBar({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  const parts = Object.entries(counts);
  const total = parts.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return <span class="quiet-text">no items</span>;
  let start = 0;
  const bars = parts.map(([status, count]) => {
    const x = start;
    start += (count / total) * WIDTH;
    return { status, count, x, width: start - x };
  });
  return (
    <div class="status-bar">
      <svg viewBox={`0 0 ${WIDTH} 8`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map(({ status, count, x, width }) => (
          <rect key={status} class={`filled ${statusClass(status)}`} x={x} y={0} width={width} height={8}>
            <title>{`${status}: ${count}`}</title>
          </rect>
        ))}
      </svg>
      <ul>
        {parts.map(([status, count]) => (
          <li key={status}>
            <Status status={status} /> {count}
          </li>
        ))}
      </ul>
    </div>
  );
}
