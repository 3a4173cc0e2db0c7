import { type Fact, Facts } from '../../parts/facts.tsx';
import { State } from '../../parts/status.tsx';
import type { Advice } from './advice.ts';
import { TONES } from './tones.ts';

interface Props {
  readonly title: string;
  readonly status: keyof typeof TONES;
  readonly facts: readonly Fact[];
  readonly advice: Advice | undefined;
}

/** One part of the report: its state, what was read, and what to do. */
export function HealthTile({ title, status, facts, advice }: Props) {
  return (
    <li class="panel tile">
      <div class="row between">
        <h2>{title}</h2>
        <State tone={TONES[status]}>{status}</State>
      </div>
      {status !== 'unknown' && <Facts facts={facts} />}
      {advice && (
        <p>
          {advice.text}
          <br />
          <small class="quiet-text">{`Runbook: “${advice.runbook}”`}</small>
        </p>
      )}
    </li>
  );
}
