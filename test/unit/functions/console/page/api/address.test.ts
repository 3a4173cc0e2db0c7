import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../../../../functions/console/page/api/address.ts';

describe('the address of a call', () => {
  it('escapes each value of the path and of the query', () => {
    const values = { parameters: { result_id: 'a/b?c#d' }, query: { cursor: 'e&f', limit: undefined } };
    expect(addressOf('/groups/{result_id}', values)).toBe('/groups/a%2Fb%3Fc%23d?cursor=e%26f');
  });

  it.each(['', '.', '..'])('is none where the value “%s” would make it the address of another route', (id) => {
    expect(() => addressOf('/groups/{result_id}', { parameters: { result_id: id } })).toThrow('Nothing has this id.');
  });

  it('takes dots inside a value', () => {
    expect(addressOf('/groups/{result_id}', { parameters: { result_id: '...' } })).toBe('/groups/...');
  });
});
