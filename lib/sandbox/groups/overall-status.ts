const MACHINE = ['IN_PROGRESS', 'IN_QUEUE'];
const PERSON = ['FRAUD_DETECTED', 'NEED_REVIEW', 'DRAFT'];

/**
 * A group's `overall_status` from its items' statuses. AnyCheck has not published its rule. This one agrees with the
 * documented meaning of the statuses: PARTIALLY_COMPLETED where some items are completed and others pending,
 * PARTIALLY_FAILED where some items failed and none is pending. An empty group is a DRAFT.
 */
export function overallStatus(statuses: string[]): string {
  const present = new Set(statuses);
  const [first = 'DRAFT'] = present;
  if (present.size <= 1) return first;
  if (MACHINE.some((status) => present.has(status)))
    return present.has('COMPLETED') ? 'PARTIALLY_COMPLETED' : 'IN_PROGRESS';
  const waiting = PERSON.find((status) => present.has(status));
  if (waiting !== undefined) return waiting;
  if (present.has('FAILED') || present.has('PARTIALLY_FAILED'))
    return present.has('COMPLETED') ? 'PARTIALLY_FAILED' : 'FAILED';
  return present.has('COMPLETED') ? 'PARTIALLY_COMPLETED' : first;
}
