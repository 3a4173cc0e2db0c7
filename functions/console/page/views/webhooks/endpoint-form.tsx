import { useState } from 'preact/hooks';
import type { CallError } from '../../api/call-error.ts';
import { TextField } from '../../parts/field.tsx';
import { FormPanel } from '../../parts/form-panel.tsx';
import { type EndpointDraft, urlFault } from './endpoint-draft.ts';
import { EVENT_TYPES } from './event-types.ts';
import type { EventType } from './types.ts';

interface Props {
  readonly title: string;
  readonly before: EndpointDraft;
  /** The text of the button. */
  readonly action: string;
  readonly isRunning: boolean;
  readonly error: CallError | undefined;
  readonly onSubmit: (draft: EndpointDraft) => void;
  readonly onClose: () => void;
}

/** The form of an endpoint, for a new one and for a change. */
export function EndpointForm({ title, before, action, isRunning, error, onSubmit, onClose }: Props) {
  const [draft, setDraft] = useState(before);
  const fault = urlFault(draft.url, before);
  const change = (next: Partial<EndpointDraft>) => setDraft({ ...draft, ...next });
  const choose = (type: EventType, isChosen: boolean) =>
    change({
      event_types: EVENT_TYPES.map(([one]) => one).filter((one) =>
        one === type ? isChosen : draft.event_types.includes(one),
      ),
    });
  return (
    <FormPanel
      title={title}
      action={action}
      isDisabled={draft.event_types.length === 0}
      isRunning={isRunning}
      error={error}
      onSubmit={() => fault === undefined && onSubmit(draft)}
      onClose={onClose}
    >
      <TextField
        label="URL"
        value={draft.url}
        onInput={(url) => change({ url: url.trim() })}
        help="An https URL with a public host name. It can have a query, which is not shown again."
        error={fault}
        isRequired
      />
      <TextField
        label="Description"
        value={draft.description}
        onInput={(description) => change({ description })}
        maxLength={200}
      />
      <fieldset>
        <legend>Events</legend>
        {EVENT_TYPES.map(([type, meaning]) => (
          <label key={type} class="row">
            <input
              type="checkbox"
              checked={draft.event_types.includes(type)}
              onChange={(event) => choose(type, event.currentTarget.checked)}
            />
            <span>
              <code>{type}</code> <span class="quiet-text">{meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </FormPanel>
  );
}
