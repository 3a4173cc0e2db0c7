import { useState } from 'preact/hooks';
import { UUID } from '../../../../domain/group/uuid.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';

/** Opens a group by its pasted id. */
export function FindGroup() {
  const { go } = useApp();
  const [text, setText] = useState('');
  const [error, setError] = useState<string | undefined>();
  function find(): void {
    const id = text.trim().toLowerCase();
    if (UUID.test(id)) go({ view: 'group', params: { id } });
    else setError('This is no result_id. It has 8-4-4-4-12 hexadecimal digits.');
  }
  return (
    <form
      class="row fields"
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
    >
      <TextField
        label="Find by result_id"
        type="search"
        value={text}
        error={error}
        onInput={(value) => {
          setText(value);
          setError(undefined);
        }}
      />
      <Button submits>Open</Button>
    </form>
  );
}
