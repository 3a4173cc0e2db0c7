/** The page. The synthesis packs it beside the bundle, as it does the script and the style sheet, each as `<name>.gz`. */
export const PAGE = 'console.html';

/** The content types of the files that the page loads, by the end of their names. */
export const TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
]);
