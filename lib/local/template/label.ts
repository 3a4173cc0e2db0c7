import type { Resource } from './stack.ts';

/** A readable name: `stack/Refresh/Function/Resource` becomes `Refresh`. Without path metadata it is the logical id. */
export function labelOf({ metadata, logicalId }: Resource, stackName: string): string {
  const path = metadata['aws:cdk:path'];
  if (typeof path !== 'string') return logicalId;
  const names = path.split('/').filter((name, at) => !(at === 0 && name === stackName) && name !== 'Resource');
  if (names.length > 1 && names.at(-1) === 'Function') names.pop();
  return names.join('-').replace(/[^\w-]/g, '') || logicalId;
}
