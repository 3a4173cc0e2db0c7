import { absoluteTime } from '../../../parts/absolute-time.ts';
import { statusClass } from '../../../parts/status.tsx';
import { useWindow } from '../../../parts/use-window.ts';
import type { Version } from '../load-history.ts';
import { percentOf, type TimeRange } from './time-range.ts';
import type { TimelineRow } from './timeline-rows.ts';

const ROW_HEIGHT = 30;
const BAR_HEIGHT = 11;
const BAR_TOP = 16;
const LABEL_BASE = 12;
const AXIS_HEIGHT = 14;

interface Props {
  readonly rows: readonly TimelineRow[];
  /** Oldest first. */
  readonly versions: readonly Version[];
  readonly range: TimeRange;
  /** When the selected version was published, ms since the epoch. */
  readonly selectedAt: number;
  /** Since when refreshes fail; null where they do not. */
  readonly failingSince: number | null;
}

/** The timeline as SVG. Only the rows in sight are rendered. */
export function Chart({ rows, versions, range, selectedAt, failingSince }: Props) {
  const { scroller, onScroll, first, end } = useWindow(rows.length, ROW_HEIGHT);
  const height = rows.length * ROW_HEIGHT;
  const x = (at: number) => `${percentOf(at, range)}%`;
  const width = (from: number, to: number) => `${percentOf(to, range) - percentOf(from, range)}%`;
  return (
    <figure class="timeline">
      <figcaption class="row between">
        <span>{absoluteTime(range.start)}</span>
        <span>{absoluteTime(range.end)}</span>
      </figcaption>
      <svg class="axis" width="100%" height={AXIS_HEIGHT} aria-hidden="true">
        {versions.map(({ version, at }) => (
          <line key={version} class="tick" x1={x(Date.parse(at))} x2={x(Date.parse(at))} y1={4} y2={AXIS_HEIGHT}>
            <title>{`Version ${version}: ${at}`}</title>
          </line>
        ))}
      </svg>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by the keyboard */}
      <section class="timeline-rows" aria-label="Timeline" tabIndex={0} ref={scroller} onScroll={onScroll}>
        <svg width="100%" height={height} role="img" aria-label={summaryOf(rows, versions)}>
          {failingSince !== null && (
            <rect class="failure" x={x(failingSince)} width={width(failingSince, range.end)} y={0} height={height}>
              <title>{`Refreshes fail since ${new Date(failingSince).toISOString()}`}</title>
            </rect>
          )}
          <line class="selected" x1={x(selectedAt)} x2={x(selectedAt)} y1={0} y2={height} />
          {rows.slice(first, end).map(({ id, segments }, i) => (
            <g key={id} transform={`translate(0 ${(first + i) * ROW_HEIGHT})`}>
              <text y={LABEL_BASE}>{id}</text>
              {segments.map(({ status, from, to }) => (
                <rect
                  key={from}
                  class={`filled ${statusClass(status)}`}
                  x={x(from)}
                  width={width(from, to)}
                  y={BAR_TOP}
                  height={BAR_HEIGHT}
                >
                  <title>{`${status ?? 'no status'}: ${absoluteTime(from)} – ${absoluteTime(to)}`}</title>
                </rect>
              ))}
            </g>
          ))}
        </svg>
      </section>
    </figure>
  );
}

const summaryOf = (rows: readonly TimelineRow[], versions: readonly Version[]) =>
  `${rows.length} verifications over ${versions.length} versions. The tab History lists every change.`;
