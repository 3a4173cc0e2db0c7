import type { ConsoleLogin } from '../../login.ts';

/** Returns how people log in. The server wrote it into the page. */
export function loginIn(page: Document): ConsoleLogin {
  const meta = page.querySelector<HTMLMetaElement>('meta[name="console-settings"]');
  return JSON.parse(meta?.content ?? '{"login":"password"}');
}
