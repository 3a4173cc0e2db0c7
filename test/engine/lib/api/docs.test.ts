import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '../../../../functions/routes.ts';
import { deployedRoutes } from '../../../../lib/api/deployed-routes.ts';
import { description, index } from '../../../../lib/api/docs.ts';
import project from '../../../../package.json' with { type: 'json' };
import { CLAIMS } from '../../../fakes/claims.ts';
import { templateOf } from '../../../fakes/template.ts';

const Document = z.object({ info: z.object({ version: z.string() }), paths: z.record(z.string(), z.unknown()) });
const textOf = (hasLogin: boolean, hasConsole = true) =>
  description(deployedRoutes({ hasLogin, isOpenapiPublic: true, hasConsole }));
const documentOf = (hasLogin: boolean, hasConsole = true) => Document.parse(JSON.parse(textOf(hasLogin, hasConsole)));
const pathsOf = (of: readonly { readonly path: string }[]) => [...new Set(of.map(({ path }) => path))].sort();

describe('the list of addresses', () => {
  const addressesOf = (has: boolean) =>
    JSON.parse(index(deployedRoutes({ hasLogin: has, isOpenapiPublic: false, hasConsole: has }))).addresses;

  it('has the login and the console only where a deployment has them, and every address is a path of a route', () => {
    const { login, console, ...others } = addressesOf(true);
    expect([login, console]).toEqual(['/auth/login', '/console']);
    expect(addressesOf(false)).toEqual(others);
    const paths: string[] = Object.values(routes).map(({ path }) => path);
    for (const path of Object.values(others)) expect(paths).toContain(path);
  });
});

describe('the API’s description', () => {
  it('names the project’s version', () => {
    expect(documentOf(true).info.version).toBe(project.version);
  });

  it('has every route, those of logins and of the console only where a deployment has them', () => {
    const all = Object.values(routes);
    expect(Object.keys(documentOf(true).paths).sort()).toEqual(pathsOf(all));
    const without = (lambda: string) => pathsOf(all.filter((route) => route.lambda !== lambda));
    expect(Object.keys(documentOf(false).paths).sort()).toEqual(without('auth'));
    expect(Object.keys(documentOf(true, false).paths).sort()).toEqual(without('console'));
  });

  it('is the same bytes at each synthesis', () => {
    expect(textOf(true)).toBe(textOf(true));
  });

  it('needs from the environment of the function that serves it only who may read it', () => {
    const [docs] = Object.entries(templateOf().findResources('AWS::Lambda::Function')).filter(([id]) =>
      id.startsWith('Docs'),
    );
    expect(docs?.[1].Properties.Environment).toEqual({
      Variables: { ...CLAIMS, OPENAPI_ACCESS: 'public' },
    });
  });
});

describe('the description with the setting openapi_public false', () => {
  const guarded = templateOf({ openapi_public: false });
  const routeOf = (key: string) =>
    Object.values(guarded.findResources('AWS::ApiGatewayV2::Route', { Properties: { RouteKey: key } }))[0]?.Properties;

  it('requires a token that API Gateway checks, with the scopes of a viewer', () => {
    expect(routeOf('GET /openapi.json')).toMatchObject({
      AuthorizationType: 'JWT',
      AuthorizerId: expect.anything(),
      AuthorizationScopes: routeOf('GET /groups')?.AuthorizationScopes,
    });
  });

  it('is shown by a page that stays public, with its files', () => {
    for (const key of ['GET /docs', 'GET /docs/{file}']) {
      expect(routeOf(key)).toMatchObject({ AuthorizationType: 'NONE' });
    }
  });

  it('has the throttle of the whole API, as other routes with a role', () => {
    const [stage] = Object.values(guarded.findResources('AWS::ApiGatewayV2::Stage'));
    expect(stage?.Properties.RouteSettings).not.toHaveProperty('GET /openapi.json');
    expect(stage?.Properties.RouteSettings).toHaveProperty('GET /docs');
  });

  it('comes from a function that checks the role itself, and whose audit lines are stored', () => {
    guarded.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { ...CLAIMS, OPENAPI_ACCESS: 'viewer' } },
    });
    const audited = (of: ReturnType<typeof templateOf>) =>
      JSON.stringify(of.findResources('AWS::Logs::SubscriptionFilter')).includes('"DocsLogs');
    expect([audited(guarded), audited(templateOf())]).toEqual([true, false]);
  });

  it('says of itself that it requires the role viewer', () => {
    const routes = deployedRoutes({ hasLogin: true, isOpenapiPublic: false, hasConsole: true });
    expect(JSON.parse(description(routes)).paths['/openapi.json'].get).toMatchObject({
      'x-role': 'viewer',
      security: [{ token: [] }],
      responses: { 401: {}, 403: {} },
    });
  });
});
