import { FILES } from '../../functions/docs/files.ts';
import { docsFile, openapiDocument } from '../../functions/docs/routes.ts';

/** Makes a path relative to the page, so that the page works behind any base path. */
const from = (path: string) => path.slice(1);
const document = from(openapiDocument.path);
const addresses = FILES.map(([name]) => from(docsFile.path).replace('{file}', name));
const styles = addresses.filter((to) => to.endsWith('.css')).map((to) => `<link rel="stylesheet" href="${to}">`);
const scripts = addresses.filter((to) => to.endsWith('.js')).map((to) => `<script src="${to}"></script>`);

/** The form for the token without which the service does not return the OpenAPI document. */
const FORM = `
    <form id="access" hidden>
      <h1>anycheck-snapshots</h1>
      <p>The description of this API requires an access token with the role viewer at least. This page keeps the token
        until you close the tab.</p>
      <label for="token">Access token</label>
      <input id="token" autocomplete="off" autocapitalize="off" spellcheck="false" required>
      <button>Show the description</button>
      <p role="alert"></p>
    </form>`;

/** The page. It is the same for every visitor. @param isGuarded whether the OpenAPI document requires a token. */
export const docsHtml = (isGuarded: boolean): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>anycheck-snapshots</title>
    <link rel="icon" href="data:,">
    ${styles.join('\n    ')}
  </head>
  <body>${isGuarded ? FORM : ''}
    <div id="viewer" data-url="${document}"></div>
    <noscript>The OpenAPI document: <a href="${document}">${document}</a></noscript>
    ${scripts.join('\n    ')}
  </body>
</html>
`;
