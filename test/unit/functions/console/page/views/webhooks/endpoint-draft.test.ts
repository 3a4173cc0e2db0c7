import { describe, expect, it } from 'vitest';
import {
  changeOf,
  NEW_ENDPOINT,
  urlFault,
} from '../../../../../../../functions/console/page/views/webhooks/endpoint-draft.ts';
import type { Endpoint } from '../../../../../../../functions/console/page/views/webhooks/types.ts';
import { EVENT_TYPES } from '../../../../../../../functions/domain/events/event.ts';

const STORED: Endpoint = {
  id: 'we_5iAvGzQVpDsSYGFDuMnGZg',
  url: 'https://los.example.com/anycheck?***',
  description: 'Loan origination',
  event_types: ['group.settled', 'group.erased'],
  enabled: true,
  state: 'active',
  disabled_reason: null,
  failing_since: null,
  last_success: null,
  created_at: '2026-11-29T00:06:41.273Z',
  updated_at: '2026-11-29T00:06:41.273Z',
};

describe('a new endpoint', () => {
  it('receives every type of event that the service has', () => {
    expect(NEW_ENDPOINT.event_types).toEqual(EVENT_TYPES);
  });
});

describe('the change of an endpoint', () => {
  it('holds only what differs, and never the masked query of an unchanged URL', () => {
    expect(changeOf({ ...STORED, description: 'Loans' }, STORED)).toEqual({ description: 'Loans' });
    expect(changeOf({ ...STORED, event_types: ['group.erased'] }, STORED)).toEqual({ event_types: ['group.erased'] });
    const url = 'https://los.example.com/other';
    expect(changeOf({ ...STORED, url, description: '' }, STORED)).toEqual({ url, description: '' });
  });

  it('is none where nothing differs, whatever the order of the types', () => {
    expect(changeOf({ ...STORED, event_types: ['group.erased', 'group.settled'] }, STORED)).toBeUndefined();
  });
});

describe('a typed URL', () => {
  it('must not contain the mask of the stored query, unless it is the stored URL', () => {
    expect(urlFault(STORED.url, STORED)).toBeUndefined();
    expect(urlFault('https://los.example.com/other?***', STORED)).toContain('Type the whole URL');
    expect(urlFault('https://los.example.com/other?key=7Qm2', STORED)).toBeUndefined();
  });
});
