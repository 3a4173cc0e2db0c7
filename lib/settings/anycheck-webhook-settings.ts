import * as z from 'zod';

const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, "must be a header's name")
  .transform((name) => name.toLowerCase());

/** Webhooks that AnyCheck sends to this service. */
export const anycheckWebhookSettings = {
  webhook_result_id_pointer: z
    .string()
    .regex(/^(\/([^~/]|~[01])*)+$/, 'must be a JSON pointer, such as /result_id')
    .default('/result_id')
    .describe(
      'Where the body of a webhook of AnyCheck names its group. Change it if the log shows `webhook.without_group` for every delivery.',
    ),
  webhook_signature_header: headerName
    .optional()
    .describe(
      "The header with the HMAC-SHA256. AnyCheck's name for it is not public. The check starts once the webhook secret holds `signing_secret`; webhooks without a valid signature are then rejected.",
    ),
  webhook_timestamp_header: headerName
    .optional()
    .describe(
      'The header with the time of signing, which may be 5 minutes from now at most. Needs `webhook_signature_header`.',
    ),
  webhook_signed_text: z
    .string()
    .regex(/\{body\}/, 'must contain {body}')
    .default('{body}')
    .describe(
      'The signed text, made of `{body}` and `{timestamp}`, byte for byte as sent. A time that is not signed does not protect from a replay.',
    ),
};
