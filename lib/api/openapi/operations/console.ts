import { NOT_ACCEPTABLE, PARAMETERS } from './docs.ts';
import { type Operation, UNKNOWN_PARAMETER } from './operation.ts';

export const consolePage: Operation = {
  description:
    'Returns an HTML page for people. It shows groups, their history, health, webhooks and API keys, and calls the routes ' +
    'of this API with the token of the person who logs in on it. It ignores query parameters, which hold the state of the page.',
  parameters: PARAMETERS,
  answers: { 200: '<!doctype html>…' },
  failures: NOT_ACCEPTABLE,
};

export const consoleFile: Operation = {
  description: 'Returns the script or the style sheet of the page at /console. Its name changes with its content.',
  parameters: { ...PARAMETERS, file: '6f1d0c2a9b7e4f35.js' },
  answers: { 200: ':root{…}' },
  failures: {
    400: UNKNOWN_PARAMETER,
    404: { error_code: 'NOT_FOUND', message: 'The page has no such file.' },
    ...NOT_ACCEPTABLE,
  },
};
