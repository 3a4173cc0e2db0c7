import { useState } from 'preact/hooks';
import { DELIVERY_STATUSES } from '../../../../../domain/webhooks/delivery.ts';
import { useApp } from '../../../app-context.ts';
import { Button } from '../../../parts/button.tsx';
import { ChoiceField, TextField } from '../../../parts/field.tsx';

/** The filters of the deliveries. They are in the address. */
export function DeliveryFilters() {
  const { place, set } = useApp();
  const { status = '', result_id = '' } = place.params;
  return (
    <div class="row fields">
      <ChoiceField
        label="Status"
        value={status}
        options={[['', 'any'], ...DELIVERY_STATUSES.map((one) => [one, one] as const)]}
        onChange={(value) => set({ status: value })}
      />
      <GroupFilter key={result_id} before={result_id} />
    </div>
  );
}

function GroupFilter({ before }: { readonly before: string }) {
  const { set } = useApp();
  const [text, setText] = useState(before);
  return (
    <form
      class="row fields"
      onSubmit={(event) => {
        event.preventDefault();
        set({ result_id: text.trim() });
      }}
    >
      <TextField label="result_id" type="search" value={text} onInput={setText} />
      <Button submits>Filter</Button>
    </form>
  );
}
