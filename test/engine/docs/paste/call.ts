import { appendFileSync, readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/** One process that a pasted block started. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  /** What the real program would refuse. */
  problem?: string;
  /** The line that it read at a prompt. */
  answer?: string;
}

/** What the stand-ins know of this project. */
export interface Project {
  /** Names of the outputs of the stack, and its resources. */
  readonly outputs: readonly string[];
  readonly resources: readonly { readonly LogicalResourceId: string; readonly ResourceType: string }[];
  /** Names of the npm scripts. */
  readonly scripts: readonly string[];
}

/** Environment variables of the stand-ins: the file of calls, one a line, and the file of the project. */
const FILES = { calls: 'PASTE_CALLS', project: 'PASTE_PROJECT' } as const;
export const environment = (calls: string, project: string) => ({ [FILES.calls]: calls, [FILES.project]: project });
/** What the prompt of a program ends with, and the line that answers it. */
export const PROMPT = '@ASK@';
export const ANSWER = 'the answer of the operator';

/** Values that must not be in any process's arguments. */
export const SECRETS = {
  accessToken: 'access-token-of-the-deployed-service',
  clientSecret: 'secret-of-a-machine-client',
  webhookToken: 'token-of-the-webhook-address',
  password: 'Password-of-the-user-1',
} as const;

/** What a program would refuse. */
export class Refused extends Error {}

export const refuse = (problem: string): never => {
  throw new Refused(problem);
};

/** @throws Refused if standard input is the terminal, where the following lines of the block would be read. */
export function standardInput(): string {
  if (isatty(0)) refuse('reads the terminal');
  return readFileSync(0, 'utf8');
}

export const record = (call: Call): void => appendFileSync(fileOf('calls'), `${JSON.stringify(call)}\n`);

export const recorded = (file = fileOf('calls')): Call[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

export const project = (): Project => JSON.parse(readFileSync(fileOf('project'), 'utf8'));

const fileOf = (name: keyof typeof FILES): string => process.env[FILES[name]] ?? '';
