import { PHASES, STATUSES } from '../../../../domain/group/phase.ts';
import { useApp } from '../../app-context.ts';
import { ChoiceField } from '../../parts/field.tsx';

const ANY = ['', 'any'] as const;
const optionOf = (value: string) => [value, value] as const;

/** The filters of the list. They are in the address. */
export function GroupFilters() {
  const { place, set } = useApp();
  const { phase = '', status = '', failing = '' } = place.params;
  // A link can name a status that AnyCheck has added.
  const statuses = status === '' || STATUSES.includes(status) ? STATUSES : [...STATUSES, status];
  return (
    <div class="row fields">
      <ChoiceField
        label="Phase"
        value={phase}
        options={[ANY, ...PHASES.map(optionOf)]}
        onChange={(value) => set({ phase: value })}
      />
      <ChoiceField
        label="Overall status"
        value={status}
        options={[ANY, ...statuses.map(optionOf)]}
        onChange={(value) => set({ status: value })}
      />
      <ChoiceField
        label="Refreshes"
        value={failing}
        options={[ANY, ['true', 'failing']]}
        onChange={(value) => set({ failing: value })}
      />
    </div>
  );
}
