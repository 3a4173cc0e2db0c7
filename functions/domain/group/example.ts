/**
 * The example from AnyCheck's reference is the compression dictionary: packed rows refer to it, so that
 * field names need not be stored in every row. It must never change, because rows that were packed with it
 * cannot be read without it.
 */
export const EXAMPLE: Buffer = Buffer.from(
  '{"id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","service":{"id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","name":"KTP & PEP"},' +
    '"user_id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","api_key":null,"folder_id":"3c90c3cc-0d44-4b50-8888-8dd25736052a",' +
    '"result_id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","execution_time":2.284,"status":"COMPLETED",' +
    '"start_date":"2023-11-07T05:31:56Z","end_date":"2023-11-07T05:31:56Z","input_config":{"verification_type":"KTP_SELFIE",' +
    '"files":{"ktp_file":["/uploads/ktp.jpg"],"selfie_file":["/uploads/selfie.jpg"]},"fraud_detection":false},' +
    '"input_file_url":{"ktp_file":["https://example.com/files/ktp.jpg"],"selfie_file":["https://example.com/files/selfie.jpg"]},' +
    '"output":{"face_match_confidence_level":"LOW","face_match_confidence_score":2.284846674563825,"is_match_face":false},' +
    '"output_file_url":"https://example.com/output.json","output_status":"VERIFIED",' +
    '"external_job_id":{"ocr_job_id":["3c90c3cc-0d44-4b50-8888-8dd25736052a"],' +
    '"fraud_job_id":["3c90c3cc-0d44-4b50-8888-8dd25736052a"]},"webhook_url":"https://your-app.com/webhook",' +
    '"webhook_metadata":{},"export_file_url":"https://example.com/export.xlsx","credit_used":10,"total_files":2,' +
    '"total_pages":5,"created_at":"2023-11-07T05:31:56Z","updated_at":"2023-11-07T05:31:56Z"}',
);
