import { expect, it } from 'vitest';
import { maskedUrl, withoutQuery } from '../../../../../functions/domain/webhooks/endpoint-url.ts';

it.each([
  ['https://a.example.com/', 'https://a.example.com/', 'https://a.example.com/'],
  ['https://a.example.com/x?key=secret', 'https://a.example.com/x', 'https://a.example.com/x?***'],
  ['https://a.example.com/x?', 'https://a.example.com/x', 'https://a.example.com/x?***'],
  ['https://a.example.com/x?a=1?b=2#c', 'https://a.example.com/x', 'https://a.example.com/x?***'],
  ['https://a.example.com/x#secret', 'https://a.example.com/x', 'https://a.example.com/x'],
  ['https://a.example.com/x#a?b', 'https://a.example.com/x', 'https://a.example.com/x'],
])('%s shows neither its query nor its fragment', (url, bare, masked) => {
  expect([withoutQuery(url), maskedUrl(url)]).toEqual([bare, masked]);
});
