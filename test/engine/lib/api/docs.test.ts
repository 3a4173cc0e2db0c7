import { expect, it } from 'vitest';
import project from '../../../../package.json' with { type: 'json' };
import { templateOf } from '../../../fakes/template.ts';

const told = (settings: Record<string, unknown> = {}) =>
  Object.entries(templateOf(settings).findResources('AWS::Lambda::Function')).find(([id]) => id.startsWith('Docs'))?.[1]
    .Properties.Environment.Variables;

it('the function that describes the API knows the project’s version, and which routes are not there', () => {
  expect(told()).toEqual({ API_VERSION: project.version, NOT_DEPLOYED: '' });
  const foreign = { oidc_issuer: 'https://issuer.example.com', oidc_audience: 'us' };
  expect(told(foreign)).toMatchObject({ NOT_DEPLOYED: 'auth' });
});
