import { START, type VIEWER } from './files.ts';
import { docsFile, openapiDocument } from './routes.ts';

/** Makes a path relative to the page, so that the page works behind any base path. */
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
    <noscript>The OpenAPI document: <a href="${from(openapiDocument.path)}">${from(openapiDocument.path)}</a></noscript>
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

/** The page may only run its own files and call its own host. The style sheet embeds its images as `data:` URLs. */
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
