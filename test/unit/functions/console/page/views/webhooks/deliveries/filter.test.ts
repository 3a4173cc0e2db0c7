import { expect, it } from 'vitest';
import { filterOf } from '../../../../../../../../functions/console/page/views/webhooks/deliveries/filter.ts';

const GROUP = '11111111-1111-4111-8111-111111111111';

it('takes status and result_id from the address, and nothing else', () => {
  expect(filterOf({ id: 'we_5iAvGzQVpDsSYGFDuMnGZg', status: 'failed', result_id: GROUP })).toEqual({
    status: 'failed',
    result_id: GROUP,
  });
  expect(filterOf({ status: '', result_id: '' })).toEqual({});
});

it('ignores a status that does not exist, also one that every object has', () => {
  expect(filterOf({ status: 'lost' })).toEqual({});
  expect(filterOf({ status: 'constructor' })).toEqual({});
});
