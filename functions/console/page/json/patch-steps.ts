import { decodeString, elements, members } from '../../../domain/json/json.ts';
import { type Tree, textOf, treeOf } from './tree.ts';

/** One operation of a JSON Patch, with the source texts of the value before and after it. */
export interface PatchStep {
  /** A JSON pointer. */
  readonly path: string;
  /** Undefined for an added value. */
  readonly before: string | undefined;
  /** Undefined for a removed value. */
  readonly after: string | undefined;
}

/**
 * Applies a JSON Patch of `add`, `replace` and `remove` to a value, step by step. Each step sees the value as the steps
 * before it left it: the indices of an array depend on that.
 * @param value the source text of the earlier value. @param patch that of the patch.
 */
export function patchSteps(value: string, patch: string): PatchStep[] {
  const root: Map<string, Tree> = new Map([['', treeOf(value)]]);
  return elements(patch).map((operation) => {
    const { op = '', path = '', value: after } = operationIn(operation);
    // The root has an empty key of its own, so that every path has a parent.
    const keys = path.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const before = change(root, keys, after === undefined ? undefined : treeOf(after), op);
    return { path, before: before === undefined ? undefined : textOf(before), after };
  });
}

function operationIn(text: string): { op?: string; path?: string; value?: string } {
  const texts = new Map(members(text).map(({ key, value }) => [key, value]));
  const value = texts.get('value');
  return {
    op: decodeString(texts.get('op') ?? '""'),
    path: decodeString(texts.get('path') ?? '""'),
    ...(value !== undefined && { value }),
  };
}

/** Changes the value at a path. @returns the value before; undefined where there is none. */
function change(root: Tree, keys: readonly string[], after: Tree | undefined, op: string): Tree | undefined {
  const parent = keys.slice(0, -1).reduce<Tree | undefined>(childOf, root);
  const key = keys.at(-1) ?? '';
  if (Array.isArray(parent)) {
    const index = key === '-' ? parent.length : Number(key);
    const inserted = after === undefined ? [] : [after];
    return parent.splice(index, op === 'add' ? 0 : 1, ...inserted)[0];
  }
  if (!(parent instanceof Map)) return undefined;
  const before = parent.get(key);
  if (after === undefined) parent.delete(key);
  else parent.set(key, after);
  return before;
}

function childOf(parent: Tree | undefined, key: string): Tree | undefined {
  if (Array.isArray(parent)) return parent[Number(key)];
  return parent instanceof Map ? parent.get(key) : undefined;
}
