import * as z from 'zod/mini';
import { OutputStatus, Status } from '../domain/group/status.ts';
import { lazy } from '../domain/lazy.ts';

/**
 * A verification as AnyCheck documents it. The service validates nothing of it but id, status and result_id. The schema
 * describes the answer, and no read uses it: so it is built on demand, outside of cold starts.
 */
export const verification = lazy(() => {
  const text = z.nullish(z.string());
  const number = z.nullish(z.number());
  const count = z.nullish(z.int());
  const time = z.nullish(z.string().check(z.meta({ format: 'date-time' })));
  const ids = z.nullish(z.array(z.string()));
  /** An object with other keys for each service. */
  const anyObject = (description: string) =>
    z
      .nullish(z.record(z.string(), z.unknown()))
      .check(z.meta({ description: `${description} Its fields depend on the service.` }));

  return z
    .looseObject({
      id: z.string(),
      service: z.nullish(z.looseObject({ id: text, name: text }).check(z.meta({ id: 'VerificationService' }))),
      user_id: text,
      api_key: text,
      folder_id: text,
      result_id: text,
      execution_time: number,
      status: z.nullish(Status),
      start_date: time,
      end_date: time,
      input_config: anyObject('What the verification was asked to check.'),
      input_file_url: anyObject('Links to the files that were submitted.'),
      output: anyObject('What the verification found.'),
      output_file_url: text,
      output_status: z.nullish(OutputStatus),
      external_job_id: z.nullish(
        z.looseObject({ ocr_job_id: ids, fraud_job_id: ids }).check(z.meta({ id: 'ExternalJobIds' })),
      ),
      webhook_url: text,
      webhook_metadata: anyObject('What the caller attached, without webhook_secret.'),
      export_file_url: text,
      credit_used: number,
      total_files: count,
      total_pages: count,
      created_at: time,
      updated_at: time,
    })
    .check(
      z.meta({
        id: 'Verification',
        description:
          'A verification as AnyCheck sent it. Any field but id can be missing or null, and AnyCheck can add fields.',
      }),
    );
});
