import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hrefOf, placeOf, VIEWS } from '../../../../../../functions/console/page/url/place.ts';

const name = fc.string({ minLength: 1 }).filter((one) => one !== 'view' && one !== '__proto__' && one.isWellFormed());
const value = fc.string({ minLength: 1 }).filter((one) => one.isWellFormed());

describe('the place in the address', () => {
  it('comes back from the address that it makes, whatever its parameters hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(...VIEWS), fc.dictionary(name, value), (view, params) => {
        const { search } = new URL(hrefOf({ view, params: { ...params } }), 'https://api.example.com');
        expect(placeOf(search)).toEqual({ view, params: { ...params } });
      }),
    );
  });

  it('leaves out parameters without a value', () => {
    expect(hrefOf({ view: 'groups', params: { phase: '', status: 'FAILED' } })).toBe(
      '/console?view=groups&status=FAILED',
    );
  });

  it.each(['', '?view=unknown&phase=active', '?phase=active'])('is the list of groups for %j', (search) => {
    expect(placeOf(search)).toEqual({ view: 'groups', params: {} });
  });

  it('stays on this host, whatever a parameter holds', () => {
    const href = hrefOf({ view: 'group', params: { id: '//evil.example.com/"><script>' } });
    expect(new URL(href, 'https://api.example.com').origin).toBe('https://api.example.com');
  });
});
