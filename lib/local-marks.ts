import type { CfnResource } from 'aws-cdk-lib';

/** The template metadata key by which a resource says what `npm start` is to put into it. */
export const LOCAL_MARK = 'anycheck-snapshots:local';

/** What the local run knows how to fill in. */
export type LocalMark = 'anycheck-credentials' | 'webhook-secret';

export function markForLocal(resource: CfnResource, mark: LocalMark): void {
  resource.addMetadata(LOCAL_MARK, mark);
}
