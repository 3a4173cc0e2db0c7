import { createHash } from 'node:crypto';
import { build, endedIn, type VerificationPlan } from '../../lib/sandbox/fixtures/build.ts';
import { exact, money } from '../../lib/sandbox/fixtures/exact-number.ts';
import { ktpFields } from '../../lib/sandbox/fixtures/ktp.ts';
import { person } from '../../lib/sandbox/fixtures/people.ts';
import { seeded } from '../../lib/sandbox/fixtures/seeded.ts';
import { renderVerification } from '../../lib/sandbox/groups/verification.ts';

const CREATED = Date.parse('2026-08-14T01:00:00Z');
const SEEN = CREATED + 30 * 86_400_000;

type Kind = Pick<VerificationPlan, 'service' | 'verificationType' | 'files' | 'output'>;

/** As many of each as their weight says, in an order drawn from the seed: KYC groups and document batches alike. */
const KINDS: readonly ((seed: string) => Kind)[] = [
  ktpSelfie,
  ktpSelfie,
  ktpSelfie,
  ktpPep,
  ktpPep,
  bpkb,
  document,
  document,
];

function ktpSelfie(seed: string): Kind {
  const draw = seeded(`face/${seed}`);
  return {
    service: 'KTP & Selfie',
    verificationType: 'KTP_SELFIE',
    files: { ktp_file: ['ktp.jpg'], selfie_file: ['selfie.jpg'] },
    output: {
      ktp: ktpFields(person(seed)),
      face_match_confidence_level: 'HIGH',
      face_match_confidence_score: exact(`98.${draw.integer(1e8, 1e9 - 1)}${draw.integer(1e5, 1e6 - 1)}`),
      is_match_face: true,
    },
  };
}

function ktpPep(seed: string): Kind {
  return {
    service: 'KTP & PEP',
    verificationType: 'KTP_PEP',
    files: { ktp_file: ['ktp.jpg'] },
    output: { ktp: ktpFields(person(seed)), pep: { is_pep: false, matches: [] } },
  };
}

function bpkb(seed: string): Kind {
  const draw = seeded(`book/${seed}`);
  const owner = person(seed);
  return {
    service: 'BPKB',
    verificationType: 'BPKB',
    files: { bpkb_file: ['bpkb-1.jpg', 'bpkb-2.jpg'] },
    output: {
      nomor_bpkb: `X-${draw.integer(0, 99_999)}-CONTOH`,
      nama_pemilik: owner.name,
      alamat_pemilik: owner.address,
      nomor_polisi: `XX ${draw.integer(1000, 9999)} XXX`,
      tahun_pembuatan: draw.integer(2008, 2025),
      nomor_rangka: `MH0CONTOH${draw.integer(10_000_000, 99_999_999)}`,
      warna: null,
    },
  };
}

function document(seed: string): Kind {
  const draw = seeded(`document/${seed}`);
  return {
    service: 'Document Extraction',
    verificationType: 'DOCUMENT_EXTRACTION',
    files: { document_file: [`dokumen-${draw.integer(1, 999)}.pdf`] },
    output: {
      document_type: draw.pick('INVOICE', 'PURCHASE_ORDER', 'DELIVERY_NOTE'),
      document_number: `CONTOH/${draw.integer(1, 99_999)}`,
      issued_to: person(seed).name,
      amount: money(BigInt(draw.integer(10_000, 2_000_000_000)) * 10n),
      currency: 'IDR',
      notes: null,
    },
  };
}

/** A finished verification's text, with links that aren't signed yet; the same in every run. */
function unsigned(resultId: string, name: string | number): string {
  const seed = `bench/${name}`;
  const kind = KINDS[seeded(`kind/${seed}`).integer(0, KINDS.length - 1)] ?? ktpSelfie;
  const draw = seeded(`life/${seed}`);
  const createdAt = CREATED + draw.integer(0, 86_400) * 1000;
  const script = endedIn('COMPLETED', draw.integer(5, 90));
  const outputStatus = draw.pick('VERIFIED', 'VERIFIED', 'VERIFIED', 'NOT_VERIFIED');
  return renderVerification(build({ seed, resultId, ...kind(seed), outputStatus, createdAt, script }), SEEN, false);
}

/** A group's items, without signed links. */
export const itemsOf = (resultId: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => unsigned(resultId, i));

/** One that wasn't there before. */
export const newcomer = (resultId: string, name: string): string => unsigned(resultId, name);

/** The same verification, sent back to a reviewer. */
export const reviewed = (text: string): string =>
  text
    .replace('"status":"COMPLETED"', '"status":"NEED_REVIEW"')
    .replace(/"output_status":"[A-Z_]+"/, '"output_status":null');

/** The same verification, retried and failed. */
export const failed = (text: string): string =>
  text
    .replace(/"status":"[A-Z_]+"/, '"status":"FAILED"')
    .replace(/"updated_at":"[^"]+"/, '"updated_at":"2026-09-01T00:00:00Z"');

/** A fetch's texts: every link signed anew, as AnyCheck does, but from a seed: the same bytes in every run. */
export function signed(texts: readonly string[], fetch: number): string[] {
  const signature = (link: string) => createHash('sha256').update(`${link}/${fetch}`).digest('hex').slice(0, 32);
  return texts.map((text) =>
    text.replace(
      /"(https:\/\/files[^"?]*)"/g,
      (_, link: string) => `"${link}?X-Expires=${1_789_000_000 + fetch}&X-Signature=${signature(link)}"`,
    ),
  );
}

/** A whole group as one answer of AnyCheck. */
export const bodyOf = (texts: readonly string[], total = texts.length): string =>
  `{"total":${total},"overall_status":"COMPLETED","items":[${texts.join()}]}`;

/** A group's items as one fetch has them. */
export const fetchedItems = (resultId: string, count: number): string[] => signed(itemsOf(resultId, count), 0);
