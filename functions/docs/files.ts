/** The API's description, written at synthesis. */
export const DESCRIPTION = 'openapi.json';

/** The viewer's files, and what they are. */
export const VIEWER = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

/** Every file that is packed beside this function, as `<name>.gz`. */
export type Packed = typeof DESCRIPTION | keyof typeof VIEWER;

/** What has the viewer show the description. */
export const START = 'start.js';

/** Every file that the page loads. */
export const FILES = [...Object.keys(VIEWER), START];
