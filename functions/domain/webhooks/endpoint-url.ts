/** Returns a URL without its query and its fragment, which can hold a secret. */
export const withoutQuery = (url: string): string => url.replace(/[?#].*$/, '');

/** Returns a URL as an operator may read it: `?***` stands for its query. */
export const maskedUrl = (url: string): string => `${withoutQuery(url)}${/^[^#]*\?/.test(url) ? '?***' : ''}`;
