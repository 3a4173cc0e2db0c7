import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt } from '../../../../functions/anycheck-webhook/json-pointer.ts';

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

describe('a JSON pointer', () => {
  it('finds what RFC 6901 says', () => {
    const json = JSON.parse('{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8,"~1":9,"__proto__":{"x":7}}');
    expect(valueAt(json, '')).toBe(json);
    expect(valueAt(json, '/foo/1')).toBe('baz');
    expect(valueAt(json, '/')).toBe(0);
    expect(valueAt(json, '/a~1b')).toBe(1);
    expect(valueAt(json, '/c%d')).toBe(2);
    expect(valueAt(json, '/m~0n')).toBe(8);
    expect(valueAt(json, '/~01')).toBe(9);
    expect(valueAt(json, '/__proto__/x')).toBe(7);
  });

  it.each(['/foo/2', '/foo/01', '/foo/-', '/foo/length', '/toString', '/foo/0/0', '/foo/0/length', '/constructor'])(
    'finds nothing at %s',
    (pointer) => {
      expect(valueAt({ foo: ['bar', 'baz'] }, pointer)).toBeUndefined();
    },
  );

  it.each([null, 1, 'text', true, [], undefined])('finds nothing in %j', (json) => {
    expect(valueAt(json, '/result_id')).toBeUndefined();
  });

  it('finds a value under any keys', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }),
        fc.jsonValue(),
        (keys, value) => {
          const json = keys.reduceRight<unknown>(
            (inner, key) => JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(inner)}}`),
            value,
          );
          const found = valueAt(json, keys.map((key) => `/${escaped(key)}`).join(''));
          expect(JSON.stringify(found)).toBe(JSON.stringify(value));
        },
      ),
    );
  });
});
