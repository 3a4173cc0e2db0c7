import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patchSteps } from '../../../../../../functions/console/page/json/patch-steps.ts';
import { textOf, treeOf } from '../../../../../../functions/console/page/json/tree.ts';
import { patchOf } from '../../../../../../functions/domain/history/patch.ts';

describe('a JSON Patch as steps', () => {
  it('shows before and after with every digit', () => {
    const before = '{"a":1.50,"b":{"c/d":9007199254740993},"gone":"x"}';
    const after = '{"a":1.5,"b":{"c/d":9007199254740995},"new":[1E+2]}';
    expect(patchSteps(before, patchOf(before, after)).toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: '/a', before: '1.50', after: '1.5' },
      { path: '/b/c~1d', before: '9007199254740993', after: '9007199254740995' },
      { path: '/gone', before: '"x"', after: undefined },
      { path: '/new', before: undefined, after: '[1E+2]' },
    ]);
  });

  it('counts indices of an array as the steps before left it', () => {
    const patch =
      '[{"op":"remove","path":"/0"},{"op":"replace","path":"/0","value":9},{"op":"add","path":"/1","value":8}]';
    expect(patchSteps('[1,2,3]', patch)).toEqual([
      { path: '/0', before: '1', after: undefined },
      { path: '/0', before: '2', after: '9' },
      { path: '/1', before: undefined, after: '8' },
    ]);
  });

  it('replaces the whole value where the path is empty', () => {
    expect(patchSteps('1', '[{"op":"replace","path":"","value":{"a":2}}]')).toEqual([
      { path: '', before: '1', after: '{"a":2}' },
    ]);
  });

  it('knows the value before each replacement and removal that the service describes, for any values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const before = JSON.stringify(one);
        const patch = patchOf(before, JSON.stringify(other));
        const operations: { op: string }[] = JSON.parse(patch);
        const steps = patchSteps(before, patch);
        expect(steps.map((step) => step.before !== undefined)).toEqual(operations.map(({ op }) => op !== 'add'));
      }),
    );
  });
});

describe('a JSON value that can be changed', () => {
  it('has the text that it was made of, for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(textOf(treeOf(JSON.stringify(value)))).toBe(JSON.stringify(value));
      }),
    );
  });
});
