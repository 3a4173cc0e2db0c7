import type { Stack } from 'aws-cdk-lib';
import { ArtifactMetadataEntryType } from 'aws-cdk-lib/cloud-assembly-schema';

/**
 * The regions that an account must enable before its first use: those that AWS launched after 20 March 2019.
 * https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
const OPT_IN_REGIONS: ReadonlySet<string> = new Set([
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
]);

/**
 * Makes the CDK CLI print a notice if the deployment goes to an opt-in region.
 * @param region undefined where it is unknown.
 */
export function annotateOptInRegion(stack: Stack, region: string | undefined): void {
  if (region === undefined || !OPT_IN_REGIONS.has(region)) return;
  // An annotation of the CDK would also record the source path of this call, see acknowledge.ts.
  stack.node.addMetadata(
    ArtifactMetadataEntryType.INFO,
    `${region} is an opt-in region: the account must enable it before its first deployment there, ` +
      `aws account enable-region --region-name ${region}. In an enabled region, ignore this notice.`,
  );
}
