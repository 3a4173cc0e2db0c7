import type { Announcement } from '../../domain/events/announce.ts';
import type { UnannouncedChange } from '../../domain/webhooks/ports.ts';
import { errorFields, log } from './log.ts';

/** Values of one metric that a line holds. */
const MAX_VALUES = 100;

/** Logs that the bus refused an event. @param code EventBridge's code. */
export const logRefusedEvent = (code: string): void => log('warn', 'announcement.refused', { code });

/** Logs how the announcement of a group's versions ended. */
export function logAnnouncement(resultId: string, { events, delays, isComplete, error }: Announcement): void {
  const AnnouncementDelaySeconds = delays.slice(0, MAX_VALUES).map((ms) => Math.max(0, ms / 1000));
  const metrics = { Announced: events, ...(delays.length > 0 && { AnnouncementDelaySeconds }) };
  if (isComplete) log('info', 'announcement.done', { result_id: resultId, events }, metrics);
  else {
    const failed = { ...metrics, FailedAnnouncements: 1 };
    log(
      'warn',
      'announcement.failed',
      { result_id: resultId, events, ...(error !== undefined && errorFields(error)) },
      failed,
    );
  }
}

/** Logs that a change of a webhook endpoint stays stored and is announced later. @param error of the bus. */
export const logUnannouncedChange = ({ endpointId, event: { type } }: UnannouncedChange, error: unknown): void =>
  log(
    'warn',
    'endpoint.announce_failed',
    { endpoint_id: endpointId, type, ...(error !== undefined && errorFields(error)) },
    { FailedAnnouncements: 1 },
  );
