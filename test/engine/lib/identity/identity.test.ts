import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../../functions/route.ts';
import { routes } from '../../../../functions/routes.ts';
import { ROLES, type Role } from '../../../../functions/runtime/access/role.ts';
import { routeKeys, routeKeysOfKeys } from '../../../fakes/route-keys.ts';
import { templateOf } from '../../../fakes/template.ts';

const ISSUER = 'https://login.example.com/tenant/';
const MACHINES = { scoring: 'viewer', 'case-desk': 'operator', purge: 'admin' };
let plain: Template;
let machines: Template;
let foreign: Template;
beforeAll(() => {
  plain = templateOf();
  machines = templateOf({ machine_clients: MACHINES, auth_domain_prefix: 'ours' });
  foreign = templateOf({
    oidc_issuer: ISSUER,
    oidc_audience: ['one', 'two'],
    groups_claim: 'roles',
    person_claim: 'uid',
    console_client_id: 'console',
  });
});

const propertiesOf = (template: Template, type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);
/** The scopes of each route, by its key; undefined where it needs no token. */
const scopesOf = (template: Template): Record<string, string[] | undefined> =>
  Object.fromEntries(
    propertiesOf(template, 'AWS::ApiGatewayV2::Route').map((route) => [
      route.RouteKey,
      route.AuthorizationType === 'JWT' ? (route.AuthorizationScopes ?? []) : undefined,
    ]),
  );
const outputsOf = (template: Template) => Object.keys(template.findOutputs('*'));

describe('the user pool', () => {
  it('has a group for each role, kept as the pool is, so that people need only be added', () => {
    const groups = Object.values(plain.findResources('AWS::Cognito::UserPoolGroup'));
    expect(groups.map(({ Properties }) => Properties.GroupName)).toEqual([...ROLES]);
    for (const group of groups) expect(group).toMatchObject({ DeletionPolicy: 'Retain' });
    templateOf({ removal_policy: 'destroy' }).allResources('AWS::Cognito::UserPoolGroup', { DeletionPolicy: 'Delete' });
  });

  it('knows the roles as scopes of anycheck-snapshots', () => {
    plain.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', {
      Identifier: 'anycheck-snapshots',
      Scopes: ROLES.map((ScopeName) => Match.objectLike({ ScopeName })),
    });
  });

  it('without machines has the one client, no host of its own, and no more outputs', () => {
    plain.resourceCountIs('AWS::Cognito::UserPoolClient', 1);
    plain.resourceCountIs('AWS::Cognito::UserPoolDomain', 0);
    expect(outputsOf(plain)).toEqual(expect.arrayContaining(['UserPoolId', 'UserPoolClientId']));
    expect(outputsOf(plain).filter((name) => /Machine|^Token/.test(name))).toEqual([]);
  });
});

describe('a machine', () => {
  const clients = () =>
    propertiesOf(machines, 'AWS::Cognito::UserPoolClient').filter(({ GenerateSecret }) => GenerateSecret);

  it('has a client with a secret, for client credentials alone, and the scope of its role alone', () => {
    const [server = ''] = Object.keys(machines.findResources('AWS::Cognito::UserPoolResourceServer'));
    const scope = (role: string) => ({ 'Fn::Join': ['', [{ Ref: server }, `/${role}`]] });
    expect(clients().map(({ ClientName, AllowedOAuthScopes }) => [ClientName, AllowedOAuthScopes])).toEqual(
      Object.entries(MACHINES).map(([name, role]) => [name, [scope(role)]]),
    );
    for (const client of clients()) {
      expect(client).toMatchObject({
        AllowedOAuthFlows: ['client_credentials'],
        AllowedOAuthFlowsUserPoolClient: true,
        ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
        AccessTokenValidity: 60,
        TokenValidityUnits: { AccessToken: 'minutes' },
      });
    }
  });

  it('is among the audience, beside the client of people, whose client stays as it was', () => {
    const ids = Object.keys(machines.findResources('AWS::Cognito::UserPoolClient'));
    expect(ids[0]).toBe('IdentityUserPoolClient486F4CC5');
    const [authorizer] = propertiesOf(machines, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer.JwtConfiguration.Audience).toEqual(ids.map((Ref) => ({ Ref })));
    const people = (template: Template) =>
      template.findResources('AWS::Cognito::UserPoolClient').IdentityUserPoolClient486F4CC5;
    expect(people(machines)).toEqual(people(plain));
  });

  it('gets its tokens at the pool’s host; the outputs name it and every client id, and no secret', () => {
    machines.hasResourceProperties('AWS::Cognito::UserPoolDomain', { Domain: 'ours' });
    const outputs = machines.findOutputs('*');
    expect(Object.keys(outputs).filter((name) => /Machine|^Token/.test(name))).toEqual([
      'MachineClientScoringId',
      'MachineClientCaseDeskId',
      'MachineClientPurgeId',
      'TokenUrl',
    ]);
    expect(JSON.stringify(outputs.TokenUrl)).toMatch(/https:.*auth.*amazoncognito\.com\/oauth2\/token/);
    expect(JSON.stringify(machines.toJSON())).not.toContain('ClientSecret');
  });
});

/** The paths of callers with an API key, and those below /key that do not exist: none has a scope. */
const withoutToken = ['ANY /key/{proxy+}', ...Object.values(routes).flatMap(routeKeysOfKeys)].map((key) => [
  key,
  undefined,
]);

describe('a route', () => {
  const open: Record<Role, string[]> = {
    viewer: ['viewer', 'operator', 'admin'],
    operator: ['operator', 'admin'],
    admin: ['admin'],
  };

  it('that reads is for viewers, one that changes something or reports on the service itself for operators at least, one that deletes or changes a setting for admins', () => {
    for (const route of Object.values<Route>(routes)) {
      const { access, method, path } = route;
      // API keys are of people alone, who are admins.
      if (access === 'public' || route.isForPeople) continue;
      const ofReading = /^\/(health|webhook-endpoints)(\/|$)/.test(path) ? ['operator'] : ['viewer'];
      const least = { GET: ofReading, POST: ['operator', 'admin'], PATCH: ['admin'], DELETE: ['admin'] }[method];
      expect([path, least]).toEqual([path, expect.arrayContaining([access])]);
    }
  });

  it('is open to the tokens of people, and to machines of its role and of those above it', () => {
    const expected = Object.fromEntries([
      ...withoutToken,
      ...Object.values(routes).flatMap((route) =>
        routeKeys(route).map((key) => [
          key,
          route.access === 'public'
            ? undefined
            : ['aws.cognito.signin.user.admin', ...open[route.access].map((role) => `anycheck-snapshots/${role}`)],
        ]),
      ),
    ]);
    for (const template of [plain, machines]) {
      const { $default, ...others } = scopesOf(template);
      expect(others).toEqual(expected);
      expect($default).toEqual(expected['GET /verifications']);
    }
  });
});

describe('an issuer that is there already', () => {
  it('takes the place of the user pool, of logins, and of all that goes with them', () => {
    for (const type of ['UserPool', 'UserPoolClient', 'UserPoolGroup', 'UserPoolDomain', 'UserPoolResourceServer']) {
      foreign.resourceCountIs(`AWS::Cognito::${type}`, 0);
    }
    const json = JSON.stringify(foreign.toJSON());
    expect(json).not.toMatch(/cognito|USER_POOL/i);
    const removed = ['UserPoolId', 'UserPoolClientId'];
    expect(outputsOf(foreign).sort()).toEqual(
      outputsOf(plain)
        .filter((name) => !removed.includes(name))
        .sort(),
    );
    const functions = (template: Template) => Object.keys(template.findResources('AWS::Lambda::Function'));
    expect(functions(foreign)).toEqual(functions(plain).filter((id) => !id.startsWith('Auth')));
  });

  it('is what the gateway checks tokens by', () => {
    foreign.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: ISSUER, Audience: ['one', 'two'] },
    });
  });

  it('names its people’s scopes as it likes: a route needs a token and none of them, and logins have no route', () => {
    const expected = Object.values(routes).flatMap((route) =>
      route.lambda === 'auth' ? [] : routeKeys(route).map((key) => [key, route.access === 'public' ? undefined : []]),
    );
    expect(scopesOf(foreign)).toEqual({ ...Object.fromEntries([...withoutToken, ...expected]), $default: [] });
    const [stage] = propertiesOf(foreign, 'AWS::ApiGatewayV2::Stage');
    expect(Object.keys(stage.RouteSettings).filter((key) => key.includes('/auth/'))).toEqual([]);
  });

  it.each([
    ['GROUPS_CLAIM', 'groups', 'roles'],
    ['PERSON_CLAIM', 'people', 'uid'],
  ])('has in %s the claim by which the settings know its %s', (name, _, claim) => {
    const claims = propertiesOf(foreign, 'AWS::Lambda::Function').flatMap(
      ({ Environment }) => Environment?.Variables?.[name] ?? [],
    );
    expect(claims.length).toBeGreaterThan(0);
    expect(new Set(claims)).toEqual(new Set([claim]));
  });
});
