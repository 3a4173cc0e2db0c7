import { bankStatement } from '../fixtures/bank-statement.ts';
import { bpkb } from '../fixtures/bpkb.ts';
import { documentBatch } from '../fixtures/document-batch.ts';
import { suspiciousKtp } from '../fixtures/fraud.ts';
import { ktpPep, ktpSelfie } from '../fixtures/ktp.ts';
import { landCertificate } from '../fixtures/land-certificate.ts';
import { slikAndNib } from '../fixtures/slik-nib.ts';
import type { Verification } from './verification.ts';

/** A group that is there from the start. */
export interface FixtureGroup {
  resultId: string;
  name: string;
  /** What a newcomer sees in it. */
  about: string;
  /** `epoch`: when the life cycles began, epoch milliseconds. The same epoch gives the same text, byte for byte. */
  verifications(epoch: number): Verification[];
  /** Never given the sandbox's `webhookUrl`: the group whose news nobody is told. */
  unhooked?: boolean;
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

/** The groups of the sandbox. Their ids are well known: documentation and tests name them. */
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
    ...fixture(8, 'KTP & PEP', '2 items that complete within 30 s and that nobody needs to read', ktpPep),
    unhooked: true,
  },
  fixture(9, 'Empty group', 'a known group without items', () => []),
];
