import fc from 'fast-check';

/** Numbers of which a JavaScript number keeps the value at best. */
const number = fc.oneof(
  fc.constantFrom('0', '-0', '0.0', '-0.0', '1.5', '1.50', '1E+2', '1e2', '100', '1e400', '9007199254740993'),
  fc.constantFrom('1234567890123456789012', '1234567890123456789013', '0.1000000000000000055511151231257827'),
  fc.integer().map(String),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => JSON.stringify(value)),
);

const string = fc.oneof(
  fc.constantFrom('""', '"a"', String.raw`"\u0061"`, String.raw`"\/"`, '"/"', String.raw`"\ud800"`, '"😀"', '"1.5"'),
  fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)),
);

const key = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '',
    '/',
    '~',
    '~1',
    'a/b',
    '-',
    '0',
    '01',
    '10',
    '2',
    '__proto__',
    'constructor',
    'toString',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

/** Compact texts of JSON values, with parts that parsing loses: digits, duplicate keys, keys of every kind. */
export const jsonTexts = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(number, string, fc.constantFrom('true', 'false', 'null')),
    tie('array'),
    tie('object'),
  ),
  array: fc.array(tie('value'), { maxLength: 24 }).map((values) => `[${values.join()}]`),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 8 })
    .map((fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`),
}));
