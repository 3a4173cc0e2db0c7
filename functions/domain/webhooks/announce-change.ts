import type { EventBus } from '../events/event-bus.ts';
import type { Endpoints, UnannouncedChange } from './ports.ts';

export interface AnnounceChangeDeps {
  readonly endpoints: Pick<Endpoints, 'announced'>;
  readonly bus: EventBus;
  /** Receives a change that stays stored and is announced later. @param error undefined where the bus refused it. */
  readonly onUnannounced: (change: UnannouncedChange, error: unknown) => void;
}

/**
 * Announces a change that was made. It never throws, because the change stands: the upkeep announces it later.
 * @returns whether it is announced.
 */
async function announceChange(
  { endpoints, bus, onUnannounced }: AnnounceChangeDeps,
  change: UnannouncedChange,
): Promise<boolean> {
  try {
    const [isAccepted = false] = await bus.send([change.event]);
    if (isAccepted) await endpoints.announced(change);
    else onUnannounced(change, undefined);
    return isAccepted;
  } catch (error) {
    onUnannounced(change, error);
    return false;
  }
}

/**
 * Announces all changes that the bus has not accepted yet, oldest first, until it refuses one.
 * @returns whether all are announced.
 */
export async function announceChanges(
  deps: AnnounceChangeDeps & { readonly endpoints: Pick<Endpoints, 'announced' | 'unannounced'> },
): Promise<boolean> {
  for (const change of await deps.endpoints.unannounced()) if (!(await announceChange(deps, change))) return false;
  return true;
}
