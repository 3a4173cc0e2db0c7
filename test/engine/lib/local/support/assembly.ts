import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A hand-written stack: its resources, and the source of each bundle's `index.js`. */
export interface Fixture {
  readonly name?: string;
  readonly resources: Readonly<Record<string, object>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly bundles?: Readonly<Record<string, string>>;
}

const SOURCE_MANIFEST = 'fixture.assets.json';

/** Writes a cloud assembly as `cdk synth` lays one out. */
export function writeAssembly(directory: string, fixture: Fixture): string {
  const { name = 'fixture', resources, outputs = {}, bundles = {} } = fixture;
  const files: Record<string, object> = {};
  for (const [bundle, source] of Object.entries(bundles)) {
    mkdirSync(join(directory, `asset.${bundle}`), { recursive: true });
    writeFileSync(join(directory, `asset.${bundle}`, 'index.js'), source);
    files[bundle] = {
      source: { path: `asset.${bundle}`, packaging: 'zip' },
      destinations: { here: { bucketName: 'assets', objectKey: `${bundle}.zip` } },
    };
  }
  const json = (file: string, value: unknown) => writeFileSync(join(directory, file), JSON.stringify(value));
  mkdirSync(directory, { recursive: true });
  json(SOURCE_MANIFEST, { version: '1', files });
  json('template.json', {
    Resources: resources,
    Outputs: Object.fromEntries(Object.entries(outputs).map(([key, Value]) => [key, { Value }])),
  });
  json('manifest.json', {
    version: '1',
    artifacts: {
      [`${name}.assets`]: { type: 'cdk:asset-manifest', properties: { file: SOURCE_MANIFEST } },
      [name]: { type: 'aws:cloudformation:stack', properties: { templateFile: 'template.json' } },
    },
  });
  return directory;
}

export const lambda = (bundle: string, properties: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: 'assets', S3Key: `${bundle}.zip` },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 10,
    MemorySize: 256,
    LoggingConfig: { LogGroup: `/aws/lambda/${bundle}` },
    ...properties,
  },
});

/** The source of a bundle that answers 200 with an expression's value as JSON; `event` stands for its event. */
export const answering = (expression: string) => `exports.handler = async (event) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(${expression}),
});`;

/** An HTTP API: route keys to the logical ids of functions; `more` is added to each route's properties. */
export function httpApi(routes: Readonly<Record<string, string>>, more: object = {}): Record<string, object> {
  const api = { Ref: 'Api' };
  const resources: Record<string, object> = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
    Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: api, StageName: '$default' } },
  };
  for (const [at, [RouteKey, fn]] of Object.entries(routes).entries()) {
    resources[`Integration${at}`] = {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: api,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': [fn, 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    };
    resources[`Route${at}`] = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: api,
        RouteKey,
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: `Integration${at}` }]] },
        ...more,
      },
    };
  }
  return resources;
}

/** A user pool with one client for password logins, and a JWT authorizer that takes its tokens. */
export const identity = () => ({
  Pool: { Type: 'AWS::Cognito::UserPool', Properties: { UsernameConfiguration: { CaseSensitive: false } } },
  Client: {
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: {
      UserPoolId: { Ref: 'Pool' },
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      AccessTokenValidity: 30,
      IdTokenValidity: 30,
      RefreshTokenValidity: 10_080,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    },
  },
  Authorizer: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: { Ref: 'Api' },
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: {
        Audience: [{ Ref: 'Client' }],
        Issuer: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Pool', 'ProviderName'] }]] },
      },
    },
  },
});

export const guarded = (scopes: readonly string[] = []) => ({
  AuthorizationType: 'JWT',
  AuthorizerId: { Ref: 'Authorizer' },
  AuthorizationScopes: scopes,
});
