/** The viewer's files, packed beside this function as `<name>.gz`, and what they are. */
export const VIEWER = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

/** What has the viewer show the description. */
export const START = 'start.js';

/** Every file that the page loads. */
export const FILES = [...Object.keys(VIEWER), START];
