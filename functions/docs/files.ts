/** The OpenAPI document. The synthesis writes it. */
export const DESCRIPTION = 'openapi.json';

/** The viewer's files, and their content types. */
export const VIEWER = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

/** A file that is packed next to this function, as `<name>.gz`. */
export type Packed = typeof DESCRIPTION | keyof typeof VIEWER;

/** The script that starts the viewer with the OpenAPI document. */
export const START = 'start.js';

/** Every file that the page loads. */
export const FILES = [...Object.keys(VIEWER), START];
