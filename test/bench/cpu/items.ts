import { build, endedIn, type VerificationPlan } from '../../../lib/local/sandbox/fixtures/build.ts';
import { exact, money } from '../../../lib/local/sandbox/fixtures/exact-number.ts';
import { ktpFields } from '../../../lib/local/sandbox/fixtures/ktp.ts';
import { person } from '../../../lib/local/sandbox/fixtures/people.ts';
import { seeded } from '../../../lib/local/sandbox/fixtures/seeded.ts';
import { renderVerification } from '../../../lib/local/sandbox/verification.ts';

const CREATED = Date.parse('2026-08-14T01:00:00Z');

/** Source texts of verifications as the sandbox serves them: identity cards with a selfie, every other one a document. */
export function realItems(resultId: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const seed = `bench/${i}`;
    const draw = seeded(seed);
    const plan: VerificationPlan = {
      seed,
      resultId,
      createdAt: CREATED + i * 1000,
      script: endedIn('COMPLETED', draw.integer(5, 90)),
      outputStatus: draw.pick('VERIFIED', 'VERIFIED', 'VERIFIED', 'NOT_VERIFIED'),
      ...(i % 2 === 0 ? selfie(seed) : document(seed)),
    };
    return renderVerification(build(plan), plan.createdAt + 3_600_000, true);
  });
}

function selfie(seed: string) {
  const draw = seeded(`selfie/${seed}`);
  return {
    service: 'KTP & Selfie',
    verificationType: 'KTP_SELFIE',
    files: { ktp_file: ['ktp.jpg'], selfie_file: ['selfie.jpg'] },
    output: {
      ktp: ktpFields(person(seed)),
      face_match_confidence_level: draw.pick('LOW', 'HIGH'),
      face_match_confidence_score: exact(`${draw.integer(10, 99)}.${draw.integer(1_000_000, 9_999_999)}8674563825`),
      is_match_face: draw.pick(true, false),
    },
  };
}

function document(seed: string) {
  const draw = seeded(`document/${seed}`);
  return {
    service: 'Document Extraction',
    verificationType: 'DOCUMENT_EXTRACTION',
    files: { document_file: [`dokumen-${draw.integer(1, 999)}.pdf`] },
    output: {
      document_type: draw.pick('INVOICE', 'PURCHASE_ORDER', 'DELIVERY_NOTE'),
      document_number: `CONTOH/${draw.integer(10_000, 99_999)}`,
      issued_to: person(seed).name,
      amount: money(BigInt(draw.integer(10_000, 2_000_000_000)) * 10n),
      currency: 'IDR',
      notes: draw.integer(0, 9) === 0 ? 'contoh “kutipan” dan\nbaris baru' : null,
    },
    credit: 2,
  };
}

/** A whole group as one answer of AnyCheck. */
export const bodyOf = (items: readonly string[], total = items.length): string =>
  `{"total":${total},"overall_status":"COMPLETED","items":[${items.join()}]}`;
