import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { ANSWER, type Call, environment, PROMPT, type Project, recorded, SECRETS } from './call.ts';

const runs = (command: string) => spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout ?? '';
/** `script` of util-linux runs a shell on a pseudo-terminal. */
export const hasTerminal = runs('script').includes('util-linux');

const [FIRST, FURTHER] = ['@LINE@', '@MORE@'];
/** Without line editing, a shell takes each line of a paste as it comes. An unset variable is an error. */
export const SHELLS = [
  {
    name: 'bash',
    isInstalled: runs('bash') !== '',
    command: 'bash --noprofile --rcfile .zshrc --noediting -i',
    settings: `unset HISTFILE; set -u; PS1=${FIRST}; PS2=${FURTHER}`,
  },
  {
    name: 'zsh',
    isInstalled: runs('zsh') !== '',
    command: 'zsh -d -i +Z',
    settings: `unset HISTFILE; setopt nounset nopromptsp nopromptcr; PS1=${FIRST}; PS2=${FURTHER}`,
  },
] as const;

const PROGRAMS = ['aws', 'curl', 'git', 'node', 'npm', 'npx'];
/** One file, since a block starts many of these processes. */
const STAND_IN = join(mkdtempSync(join(tmpdir(), 'stand-in-')), 'stand-in.mjs');
buildSync({
  entryPoints: [fileURLToPath(new URL('stand-in.ts', import.meta.url))],
  outfile: STAND_IN,
  bundle: true,
  platform: 'node',
  format: 'esm',
});
/** Words with which a shell or a tool reports that it did not understand a line. */
const COMPLAINT =
  /.*(?:syntax error|not found|no matches found|parse error|unbound variable|not set|bad (?:pattern|substitution|option)|No such file|ermission denied).*/;
const DEADLINE_MS = 30_000;
/** ms without output at a prompt, after which the shell has nothing left to read. */
const IDLE_MS = 8_000;

export interface Pasted {
  readonly calls: readonly Call[];
  /** Lines that no prompt of the shell took, what the shell complained about, and calls that were refused or show a secret. */
  readonly problems: readonly string[];
}

/**
 * Pastes blocks, one after the other, into an interactive shell on a terminal. The programs that they call are stand-ins.
 * Problems and calls are those of the last block.
 */
export async function paste(
  shell: (typeof SHELLS)[number],
  blocks: readonly string[],
  project: Project,
): Promise<Pasted> {
  const folder = mkdtempSync(join(tmpdir(), 'paste-'));
  const files = { calls: join(folder, 'calls'), project: join(folder, 'project.json') };
  mkdirSync(join(folder, 'bin'));
  for (const program of PROGRAMS) {
    const path = join(folder, 'bin', program);
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${STAND_IN}' ${program} "$@"\n`);
    chmodSync(path, 0o755);
  }
  cpSync('config/example.json', join(folder, 'config/example.json'));
  writeFileSync(files.calls, '');
  writeFileSync(files.project, JSON.stringify(project));
  writeFileSync(join(folder, '.zshrc'), shell.settings);
  writeFileSync(join(folder, 'user.json'), JSON.stringify({ email: 'siti@example.com', password: SECRETS.password }));

  const child = spawn('script', ['-qec', `exec ${shell.command}`, '/dev/null'], {
    cwd: folder,
    env: {
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      ZDOTDIR: folder,
      HOME: folder,
      TERM: 'dumb',
      SHELL: '/bin/sh',
      ...environment(files.calls, files.project),
    },
  });
  let screen = '';
  let onOutput = () => {};
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    screen += chunk;
    onOutput();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));

  /** Types lines, and waits until the shell has taken each at a prompt of its own; without lines, for its first one. */
  async function type(lines: readonly string[]): Promise<{ shown: string; missing: number }> {
    const from = screen.length;
    let answers = 0;
    const { promise, resolve } = Promise.withResolvers<number>();
    let timer: NodeJS.Timeout | undefined;
    onOutput = () => {
      const shown = screen.slice(from);
      const prompts = shown.split(FIRST).length + shown.split(FURTHER).length - 2;
      const [isAtPrompt, isInCommand] = [FIRST, FURTHER].map((prompt) => shown.trimEnd().endsWith(prompt));
      if (shown.split(PROMPT).length - 1 > answers) {
        answers++;
        child.stdin.write(`${ANSWER}\n`);
      }
      clearTimeout(timer);
      if (isAtPrompt && prompts >= Math.max(1, lines.length)) resolve(0);
      else
        timer = setTimeout(
          () => resolve(Math.max(1, lines.length - prompts)),
          isAtPrompt || isInCommand ? IDLE_MS : DEADLINE_MS,
        );
    };
    child.stdin.write(lines.map((line) => `${line}\n`).join(''));
    onOutput();
    const missing = await promise;
    clearTimeout(timer);
    onOutput = () => {};
    return { shown: screen.slice(from), missing };
  }

  try {
    await type([]);
    for (const block of blocks.slice(0, -1)) await type(block.trimEnd().split('\n'));
    const before = recorded(files.calls).length;
    const { shown, missing } = await type((blocks.at(-1) ?? '').trimEnd().split('\n'));
    const calls = recorded(files.calls);
    const complaint = COMPLAINT.exec(shown)?.[0];
    const problems = [
      ...(missing > 0 ? [`${missing} lines were swallowed:\n${shown}`] : []),
      ...(complaint === undefined ? [] : [complaint.trim()]),
      ...calls.flatMap(({ program, args, problem, answer }) => {
        const text = [program, ...args].join(' ');
        if (Object.values(SECRETS).some((secret) => text.includes(secret))) return [`${program} shows a secret`];
        if (problem !== undefined) return [`${text}: ${problem}`];
        return answer === undefined || answer === ANSWER ? [] : [`${text} read the line ${answer}`];
      }),
    ];
    return { calls: calls.slice(before), problems };
  } finally {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
