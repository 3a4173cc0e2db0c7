import type { CfnResource } from 'aws-cdk-lib';

/** The template metadata key that names the value which `npm start` puts into a resource. */
export const LOCAL_MARK = 'anycheck-snapshots:local';

/** The values that the local run provides. */
export type LocalMark = 'anycheck-credentials' | 'webhook-secret' | 'webhook-keyring';

export function markForLocal(resource: CfnResource, mark: LocalMark): void {
  resource.addMetadata(LOCAL_MARK, mark);
}
