import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

/** ms in which a terminal delivers what was typed or pasted before a prompt, or behind a pasted line. */
const PASTE_MS = 100;
const [CTRL_C, CTRL_D, CTRL_U, BACKSPACE] = ['\x03', '\x04', '\x15', '\x7f'];

/**
 * Reads one line for each prompt: from a terminal without an echo, or else from standard input, where no prompt is
 * printed.
 * @throws an Error if there are more lines or fewer. Its message quotes nothing of them.
 */
export async function readLines(prompts: readonly string[]): Promise<string[]> {
  const { stdin } = process;
  if (!stdin.isTTY) {
    const lines = (await text(stdin)).replace(/\r?\n$/, '').split(/\r?\n/);
    if (lines.length === prompts.length && lines.every((line) => line !== '')) return lines;
    throw new Error(`Standard input must hold ${prompts.length === 1 ? 'one line' : `${prompts.length} lines`}.`);
  }
  const lines: string[] = [];
  stdin.setRawMode(true).setEncoding('utf8');
  try {
    for (const prompt of prompts) lines.push(await promptFor(prompt));
  } finally {
    stdin.setRawMode(false).pause();
  }
  return lines;
}

/** Refuses lines that were pasted together with the command, which belong to the shell. */
async function promptFor(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  let input = '';
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const onData = (chunk: string) => {
    input += chunk;
    if (chunk.includes(CTRL_C) || chunk.includes(CTRL_D)) reject(new Error('Interrupted. Nothing was stored.'));
    else if (/[\r\n]/.test(input)) resolve();
  };
  ended.catch(() => {});
  stdin.on('data', onData);
  try {
    await sleep(PASTE_MS);
    if (/\S/.test(input)) throw new Error(`Input arrived before the prompt. ${ALONE}`);
    input = '';
    stderr.write(prompt);
    await ended;
    await sleep(PASTE_MS);
  } finally {
    stdin.off('data', onData);
    stderr.write('\n');
  }
  const [line = '', ...others] = stripVTControlCharacters(input).split(/\r\n|\r|\n/);
  if (others.some((other) => other.trim() !== '')) throw new Error(`Several lines were pasted. ${ALONE}`);
  if (line.trim() === '') throw new Error('The line is empty. Nothing was stored.');
  return edited(line);
}

const ALONE = 'Nothing was stored. Paste the command alone, and the value at its prompt.';

/** Applies the keys that correct a line. */
function edited(line: string): string {
  let text = '';
  for (const key of line) {
    if (key === CTRL_U) text = '';
    else if (key === BACKSPACE || key === '\b') text = text.slice(0, -1);
    else text += key;
  }
  return text;
}
