import { bankStatement } from '../fixtures/bank-statement.ts';
import { bpkb } from '../fixtures/bpkb.ts';
import { documentBatch } from '../fixtures/document-batch.ts';
import { suspiciousKtp } from '../fixtures/fraud.ts';
import { ktpPep, ktpSelfie } from '../fixtures/ktp.ts';
import { landCertificate } from '../fixtures/land-certificate.ts';
import { slikAndNib } from '../fixtures/slik-nib.ts';
import type { Verification } from './verification.ts';

/** A group that every sandbox starts with. */
export interface FixtureGroup {
  resultId: string;
  name: string;
  /** A description for people. */
  about: string;
  /**
   * `epoch`: the start of the life cycles in milliseconds since the epoch. The same value gives byte-identical text.
   */
  verifications(epoch: number): Verification[];
  /** Whether the group ignores the sandbox's `webhookUrl`, so that no webhook reports its changes. */
  withoutWebhooks?: boolean;
}

const fixture = (
  digit: number,
  name: string,
  about: string,
  build: (resultId: string, epoch: number) => Verification[],
): FixtureGroup => {
  const resultId = '11111111-1111-4111-8111-111111111111'.replaceAll('1', String(digit));
  return { resultId, name, about, verifications: (epoch) => build(resultId, epoch) };
};

/** The fixture groups. Documentation and tests use their ids. */
export const FIXTURE_GROUPS: FixtureGroup[] = [
  fixture(1, 'KTP & selfie', '3 items that go from IN_QUEUE to COMPLETED within 40 s of the first start', ktpSelfie),
  fixture(2, 'BPKB', '2 vehicle ownership books, COMPLETED', bpkb),
  fixture(
    3,
    'Bank statement',
    '1 item with 3,000 transactions and numbers past what a double can carry',
    bankStatement,
  ),
  fixture(4, 'Land certificate', '1 item in NEED_REVIEW, waiting for a person', landCertificate),
  fixture(5, 'Suspicious KTP', '1 item in FRAUD_DETECTED beside a COMPLETED one', suspiciousKtp),
  fixture(6, 'SLIK & NIB', '1 item FAILED and 1 COMPLETED: PARTIALLY_FAILED; a retry completes it', slikAndNib),
  fixture(7, 'Document batch', '250 extracted documents, COMPLETED', documentBatch),
  {
    ...fixture(8, 'KTP & PEP', '2 items that complete within 30 s; no webhook reports it', ktpPep),
    withoutWebhooks: true,
  },
  fixture(9, 'Empty group', 'a known group without items', () => []),
];
