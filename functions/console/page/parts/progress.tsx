interface Props {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** How far a long step has come. */
export function Progress({ label, done, total }: Props) {
  return (
    <div class="progress">
      <progress aria-label={label} value={done} max={Math.max(1, total)} />
      <span>{`${label}: ${done} of ${total}`}</span>
    </div>
  );
}
