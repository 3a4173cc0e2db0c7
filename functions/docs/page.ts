import { START, type VIEWER } from './files.ts';
import { docsFile, openapiDocument } from './routes.ts';

/** Everything that the page loads is named from the page, so that it works behind any base path. */
const from = (path: string) => path.slice(1);
const file = (name: string) => from(docsFile.path).replace('{file}', name);
const css: keyof typeof VIEWER = 'swagger-ui.css';
const js: keyof typeof VIEWER = 'swagger-ui-bundle.js';

export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>anycheck-snapshots</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${file(css)}">
  </head>
  <body>
    <div id="viewer"></div>
    <noscript>The description itself: <a href="${from(openapiDocument.path)}">${from(openapiDocument.path)}</a></noscript>
    <script src="${file(js)}"></script>
    <script src="${file(START)}"></script>
  </body>
</html>
`;

const options = {
  url: from(openapiDocument.path),
  dom_id: '#viewer',
  deepLinking: true,
  displayOperationId: true,
  showExtensions: true,
  tryItOutEnabled: true,
  validatorUrl: null,
};

export const SCRIPT = `SwaggerUIBundle(${JSON.stringify(options)});\n`;

/** The page runs its own files and calls its own host, and nothing else; the style sheet's pictures are data in it. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
