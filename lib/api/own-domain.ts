import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Outputs } from '../outputs.ts';
import type { Settings } from '../settings/settings.ts';

/** A custom host name for the API, over TLS 1.2 or newer, with its DNS record where the settings name a hosted zone. */
export class OwnDomain extends Construct {
  readonly name: DomainName;
  readonly outputs: Outputs;

  constructor(scope: Construct, id: string, domainName: string, certificateArn: string, settings: Settings) {
    super(scope, id);
    this.name = new DomainName(this, 'Name', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    const { regionalDomainName, regionalHostedZoneId } = this.name;
    const { hosted_zone_id: hostedZoneId, hosted_zone_name: zoneName } = settings;
    if (hostedZoneId !== undefined && zoneName !== undefined) {
      new ARecord(this, 'Record', {
        zone: HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName }),
        recordName: `${domainName}.`,
        target: RecordTarget.fromAlias(new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId)),
      });
    }
    this.outputs = {
      DomainTarget: {
        value: regionalDomainName,
        description: `The target of the DNS record of ${domainName}, for a zone that this stack does not manage`,
      },
    };
  }
}

/** The custom domain that the settings name; undefined where they name none. */
export const ownDomainOf = (scope: Construct, id: string, settings: Settings): OwnDomain | undefined =>
  settings.domain_name === undefined || settings.certificate_arn === undefined
    ? undefined
    : new OwnDomain(scope, id, settings.domain_name, settings.certificate_arn, settings);
