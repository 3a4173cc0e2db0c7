import * as z from 'zod';
import { fromText } from './from-text.ts';
import { integer } from './numbers.ts';

/** The only retention periods that CloudWatch Logs accepts (PutRetentionPolicy), in days. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 3653];

const logRetention = z.preprocess(
  fromText,
  z.literal(LOG_RETENTION_DAYS, `must be one of ${LOG_RETENTION_DAYS.join(', ')}`),
);

/** How long the service keeps what. */
export const retentionSettings = {
  retention_days: integer(1, 3653)
    .default(400)
    .describe('The table keeps a superseded version for this long. After that, a read of the version returns 410.'),
  group_retention_days: integer(1, 3653)
    .optional()
    .describe(
      'The service erases a settled group, with all its versions, this long after its last change. After you set or shorten it, older groups go within hours: 100 with every sweep.',
    ),
  event_archive_days: integer(1, 3653)
    .optional()
    .describe(
      'EventBridge archives the announced events for this long, so that a subscriber can have them replayed. An archive holds pseudonymous status data that an erasure does not reach. Removing the setting deletes the archive.',
    ),
  removal_policy: z
    .enum(['retain', 'destroy'])
    .default('retain')
    .describe(
      '`destroy` deletes tables, user pool, secrets and audit log together with the stack. Use it for test stages only.',
    ),
  log_retention_days: logRetention.default(90).describe('Retention of function logs and access logs.'),
  audit_retention_days: logRetention.default(1827).describe('Retention of the audit log.'),
};
