/** The OpenAPI document. The synthesis writes it. */
export const DESCRIPTION = 'openapi.json';

/** The addresses of the deployment. The synthesis writes it. */
export const INDEX = 'index.json';

/** The page itself. The synthesis writes it, too. */
export const PAGE = 'docs.html';

const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

/** Every file that the page loads, and its content type, in the order in which the page loads them. */
export const FILES = [
  ['swagger-ui.css', CSS],
  ['page.css', CSS],
  ['swagger-ui-bundle.js', SCRIPT],
  ['start.js', SCRIPT],
] as const;

/** A file that is packed next to this function, as `<name>.gz`. */
export type Packed = typeof DESCRIPTION | typeof INDEX | typeof PAGE | (typeof FILES)[number][0];
