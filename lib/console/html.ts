import type { ConsoleLogin } from '../../functions/console/login.ts';
import { consoleFile } from '../../functions/console/routes.ts';
import { docsPage } from '../../functions/docs/routes.ts';
import { escapedHtml } from '../escaped-html.ts';
import type { PageFile } from './bundle-page.ts';

const address = ({ name }: PageFile) => consoleFile.path.replace('{file}', name);

/** The page's HTML. It is the same for every visitor. @param files that the page loads. */
export function html(login: ConsoleLogin, files: readonly PageFile[]): string {
  const styles = files.filter(({ name }) => name.endsWith('.css'));
  const scripts = files.filter(({ name }) => name.endsWith('.js'));
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="console-settings" content="${escapedHtml(JSON.stringify(login))}">
    <title>anycheck-snapshots</title>
    <link rel="icon" href="data:,">
    ${styles.map((file) => `<link rel="stylesheet" href="${address(file)}">`).join('\n    ')}
    ${scripts.map((file) => `<script type="module" src="${address(file)}"></script>`).join('\n    ')}
  </head>
  <body>
    <div id="console"></div>
    <noscript>The console needs JavaScript. <a href="${docsPage.path}">The API</a> works without it.</noscript>
  </body>
</html>
`;
}
