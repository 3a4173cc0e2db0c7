import { describe, expect, it } from 'vitest';
import { curlFor } from '../../../../../../../functions/console/page/views/group/curl.ts';

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
