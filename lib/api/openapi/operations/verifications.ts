import { EXPIRED_VERSION, GROUP, INVALID_ID, type Operation, VERIFICATION } from './operation.ts';

const FILES = {
  ktp_file: ['https://example.com/files/ktp.jpg'],
  selfie_file: ['https://example.com/files/selfie.jpg'],
};

export const listVerifications: Operation = {
  description:
    'Returns the stored snapshot at once, with its age in the header Age. A group without a snapshot is fetched from ' +
    'AnyCheck first, and tracked from then on. The parameters and the body are those of AnyCheck’s GET /verifications; ' +
    'snapshot_version and as_of select an earlier version.',
  parameters: {
    result_id: GROUP,
    snapshot_version: 1,
    as_of: '2026-11-29T00:07:50Z',
    'cache-control': 'no-cache',
    'if-none-match': 'W/"1-IE1oIp6WiR2gCgaf-0-10"',
    'if-modified-since': 'Sun, 29 Nov 2026 00:07:50 GMT',
  },
  answers: {
    200: {
      total: 1,
      overall_status: 'COMPLETED',
      items: [
        {
          id: VERIFICATION,
          service: { id: '8d1d2c6a-9f0b-4c57-a4c5-0a3a3a4f5b10', name: 'KTP & Selfie' },
          user_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
          api_key: null,
          folder_id: '5e0f7b1e-52c5-4a4b-9b3f-3c6a0d4c1f77',
          result_id: GROUP,
          execution_time: 2.284,
          status: 'COMPLETED',
          start_date: '2026-11-29T00:05:31Z',
          end_date: '2026-11-29T00:05:33Z',
          input_config: { verification_type: 'KTP_SELFIE', fraud_detection: false },
          input_file_url: FILES,
          output: { face_match_confidence_level: 'HIGH', face_match_confidence_score: 0.98, is_match_face: true },
          output_file_url: 'https://example.com/output.json',
          output_status: 'VERIFIED',
          external_job_id: { ocr_job_id: ['0b8c3f0e-7c2f-4d8e-9a55-6f1f9b1f2a33'], fraud_job_id: [] },
          webhook_url: 'https://example.com/webhook',
          webhook_metadata: {},
          export_file_url: 'https://example.com/export.xlsx',
          credit_used: 10,
          total_files: 2,
          total_pages: 2,
          created_at: '2026-11-29T00:05:31Z',
          updated_at: '2026-11-29T00:05:33Z',
        },
      ],
    },
  },
  failures: {
    400: INVALID_ID,
    404: { error_code: 'NOT_FOUND', message: 'AnyCheck has no verifications with this result_id.' },
    406: {
      error_code: 'INVALID_REQUEST',
      message: 'This verification is larger than 6 MB. Send Accept-Encoding: gzip and page_size=1.',
    },
    410: EXPIRED_VERSION,
    413: {
      error_code: 'INVALID_REQUEST',
      message: 'This verification is larger than 6 MB even with gzip. The service cannot return it.',
    },
    429: {
      error_code: 'QUOTA_EXCEEDED',
      message:
        'You read too many groups in the last minute of which AnyCheck returned no verifications. Try again in a minute.',
    },
    503: {
      error_code: 'INTERNAL_SERVER_ERROR',
      message: 'No snapshot of this group is stored yet, and AnyCheck gave no usable answer. Try again later.',
    },
  },
};
