import { describe, expect, it } from 'vitest';
import { curlFor, shownPath } from '../../../../../../../functions/console/page/views/group/curl.ts';

describe('the command for curl', () => {
  it('names the address and a variable in place of the token', () => {
    expect(curlFor('https://api.example.com', '/verifications?result_id=1&snapshot_version=2')).toBe(
      `curl -sS --compressed 'https://api.example.com/verifications?result_id=1&snapshot_version=2' -H "Authorization: Bearer $TOKEN"`,
    );
  });

  it('keeps the address within its quotes', () => {
    expect(curlFor('https://api.example.com', "/groups?x='$(id)'")).toContain(
      "'https://api.example.com/groups?x=%27$(id)%27'",
    );
  });
});

describe('the call behind a tab', () => {
  const versions = [{ version: 7 }, { version: 6 }, { version: 5 }];
  const path = (params: Record<string, string>, version: number | null = 7, listed = versions) =>
    shownPath({ resultId: 'id', version, versions: listed, params });

  it.each([
    [{}, '/verifications?result_id=id&snapshot_version=7'],
    [
      { tab: 'items', version: '3', offset: '25', size: '25' },
      '/verifications?result_id=id&snapshot_version=3&page_offset=25&page_size=25',
    ],
    [
      { tab: 'items', as_of: '2026-11-29T08:00:00.000Z' },
      '/verifications?result_id=id&as_of=2026-11-29T08%3A00%3A00.000Z',
    ],
    [{ tab: 'items', version: '' }, '/verifications?result_id=id'],
    [{ tab: 'history' }, '/groups/id/history'],
    [{ tab: 'compare', from: '1', to: '2' }, '/groups/id/diff?from=1&to=2'],
    [{ tab: 'compare' }, '/groups/id/diff?from=6&to=7'],
    [{ tab: 'compare', from: '', to: '5' }, '/groups/id/diff?from=6&to=5'],
    [{ tab: 'timeline' }, '/verifications?result_id=id&snapshot_version=7'],
  ])('of %j is %s', (params, expected) => {
    expect(path(params)).toBe(expected);
  });

  it('of a comparison without two versions is the history', () => {
    expect(path({ tab: 'compare' }, 1, [{ version: 1 }])).toBe('/groups/id/history');
  });

  it('of a group without a version names none', () => {
    expect(path({}, null)).toBe('/verifications?result_id=id');
  });
});
