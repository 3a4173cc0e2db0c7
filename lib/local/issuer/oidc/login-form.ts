import { escapedHtml } from '../../../escaped-html.ts';

/** The page on which a person logs in. @param action the address of the request, with its query. */
export const loginForm = (action: string, refusal = ''): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Local issuer</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <form method="post" action="${escapedHtml(action)}">
      <p><label>Email <input name="email" type="email" required autofocus></label></p>
      <p><label>Password <input name="password" type="password" required></label></p>
      <p><button>Log in</button></p>
      <p role="alert">${refusal}</p>
    </form>
  </body>
</html>
`;
