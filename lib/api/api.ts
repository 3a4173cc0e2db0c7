import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnStage,
  type DomainName,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { anycheckWebhook } from '../../functions/anycheck-webhook/routes.ts';
import { consolePage } from '../../functions/console/routes.ts';
import { docsPage } from '../../functions/docs/routes.ts';
import { FOR_ANYBODY, KEY_BASE, methodsOf, pathsOf, type Route, routeKey } from '../../functions/route.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Identity } from '../identity/identity.ts';
import type { Lambda } from '../lambda.ts';
import type { Outputs } from '../outputs.ts';
import type { Routes } from './deployed-routes.ts';
import { whyPublic } from './public-routes.ts';

export interface ApiProps {
  readonly identity: Identity;
  readonly routes: Routes;
  /**
   * The Lambda of each route, and the one for requests that match no route. Without `auth` the API has no login routes,
   * without `console` no console.
   */
  readonly lambdas: Readonly<Record<Exclude<Route['lambda'], 'auth' | 'console'> | 'not-found', Lambda>> & {
    readonly auth: Lambda | undefined;
    readonly console: Lambda | undefined;
  };
  readonly throttle: { readonly rps: number; readonly burst: number };
  readonly logRetention: RetentionDays;
  readonly domain: DomainName | undefined;
  /** Whether API Gateway's own host name of the API works. */
  readonly defaultEndpoint: boolean;
}

/**
 * An HTTP API with every route of a deployment. API Gateway checks the token on all routes that are not public. Below
 * KEY_BASE, the functions check an API key instead.
 */
export class Api extends Construct {
  readonly outputs: Outputs;
  readonly lambdas: ApiProps['lambdas'];
  private readonly httpApi: HttpApi;
  /** The Lambdas of routes that require a role. They write an audit line per call. */
  readonly audited: readonly Lambda[];

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.lambdas = props.lambdas;
    const httpApi = new HttpApi(this, 'HttpApi', {
      createDefaultStage: false,
      disableExecuteApiEndpoint: !props.defaultEndpoint,
      defaultAuthorizer: props.identity.authorizer,
      defaultAuthorizationScopes: props.identity.scopes('viewer'),
    });

    const integrations = new Map<string, HttpLambdaIntegration>();
    const integration = (name: keyof ApiProps['lambdas'], { fn }: Lambda) => {
      // A permission for each route would be a fifth of the stack's resources. The permission for all routes does not match
      // the default route, which API Gateway invokes without a path.
      const scopePermissionToRoute = name === 'not-found';
      const made = integrations.get(name) ?? new HttpLambdaIntegration(name, fn, { scopePermissionToRoute });
      integrations.set(name, made);
      return made;
    };
    const table = Object.entries(props.routes).flatMap(([name, route]) => {
      const lambda = props.lambdas[route.lambda];
      if (lambda === undefined) return [];
      return pathsOf(route).flatMap((at) => methodsOf(route).map((method) => ({ name, method, route, lambda, ...at })));
    });
    this.audited = [...new Set(table.flatMap(({ route, lambda }) => (route.access === 'public' ? [] : [lambda])))];
    const deployed = table.map(({ name, method, path, credential, route, lambda }) => {
      const made = new HttpRoute(this, `${method}${path.replaceAll('/', '-')}`, {
        httpApi,
        routeKey: HttpRouteKey.with(path, HttpMethod[method]),
        integration: integration(route.lambda, lambda),
        ...(route.access === 'public' || credential === 'key'
          ? WITHOUT_TOKEN
          : { authorizationScopes: props.identity.scopes(route.access) }),
      });
      const reason = credential === 'key' ? CHECKS_KEY : whyPublic.get(name);
      if (credential !== 'token' && reason) acknowledge(made, 'AwsSolutions-APIG4', reason);
      return made;
    });
    // The default route requires a token, which callers with a key do not have.
    const unknown = { path: `${KEY_BASE}/{proxy+}`, method: HttpMethod.ANY, throttleShare: FOR_ANYBODY.throttleShare };
    const unknownBelowKey = new HttpRoute(this, 'UnknownBelowKey', {
      httpApi,
      routeKey: HttpRouteKey.with(unknown.path, unknown.method),
      integration: integration('not-found', props.lambdas['not-found']),
      ...WITHOUT_TOKEN,
    });
    acknowledge(unknownBelowKey, 'AwsSolutions-APIG4', 'It returns only that the path does not exist.');
    new HttpRoute(this, 'Default', {
      httpApi,
      routeKey: HttpRouteKey.DEFAULT,
      integration: integration('not-found', props.lambdas['not-found']),
    });

    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi,
      ...(props.domain && { domainMapping: { domainName: props.domain } }),
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: props.throttle.rps, burstLimit: props.throttle.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLogs), format: ACCESS_LOG },
    });
    const cfnStage = stage.node.defaultChild;
    if (!(cfnStage instanceof CfnStage)) throw new Error('an HttpStage holds its CfnStage as its default child');
    cfnStage.routeSettings = Object.fromEntries(
      [
        ...table.map(({ method, path, route: { throttleShare } }) => ({ method, path, throttleShare })),
        unknown,
      ].flatMap(({ method, path, throttleShare }) =>
        throttleShare === undefined ? [] : [[routeKey({ method, path }), limits(props.throttle, throttleShare)]],
      ),
    );
    // API Gateway rejects settings of a route that does not exist yet.
    stage.node.addDependency(...deployed, unknownBelowKey);
    this.outputs = outputs(props.domain ? `https://${props.domain.name}` : httpApi.apiEndpoint, props.lambdas.console);
    this.httpApi = httpApi;
  }

  /** A metric of API Gateway over all calls. @param statistic `Sum`, `p50`, … */
  metric(name: '5xx' | '4xx' | 'Count' | 'Latency', period: Duration, statistic: string): Metric {
    return this.httpApi.metric(name, { period, statistic });
  }
}

const WITHOUT_TOKEN = { authorizer: new HttpNoneAuthorizer(), authorizationScopes: [] };

/** Why API Gateway has no authorizer on the paths that take API keys. */
const CHECKS_KEY =
  'The function checks the API key before it does anything else. An authorizer could not refuse in the shape of AnyCheck.';

/** @param url of the API, without a trailing slash. */
const outputs = (url: string, console: Lambda | undefined): Outputs => ({
  ApiUrl: { value: url, description: 'The address of the API' },
  DocsUrl: { value: url + docsPage.path, description: 'A page that describes the API and calls it' },
  ...(console && { ConsoleUrl: { value: url + consolePage.path, description: 'The console, for people' } }),
  WebhookUrlWithoutToken: {
    value: url + anycheckWebhook.path.replace('{token}', ''),
    description: 'The webhook address for AnyCheck. Append the token in the secret WebhookSecretArn',
  },
});

const limits = ({ rps, burst }: ApiProps['throttle'], share: number) => ({
  ThrottlingRateLimit: Math.ceil(rps * share),
  ThrottlingBurstLimit: Math.ceil(burst * share),
});

/** Records the route key and the token's subject, but no path, query or IP address: they identify groups and people. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    at: '$context.requestTimeEpoch',
    route: '$context.routeKey',
    who: '$context.authorizer.claims.sub',
    status: '$context.status',
    error: '$context.error.message',
    latencyMs: '$context.responseLatency',
    integrationMs: '$context.integrationLatency',
    bytes: '$context.responseLength',
  }),
);
