import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { messageOf } from '../../lib/local/fault.ts';
import { EXIT, misused } from './stop.ts';

interface Syntax<Options extends ParseArgsOptionsConfig> {
  readonly options: Options;
  /** The most arguments that are no options. */
  readonly maxPositionals: number;
  readonly help: string;
}

/**
 * Parses a command line, without the names of the program. `--help` prints the help and ends the process.
 * @throws Stop for wrong arguments.
 */
export function argumentsOf<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  { options, maxPositionals, help }: Syntax<Options>,
) {
  if (args.includes('--help')) {
    console.log(help);
    process.exit(EXIT.done);
  }
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true });
    if (parsed.positionals.length > maxPositionals) throw new Error('There are too many arguments');
    return parsed;
  } catch (error) {
    // The further sentences explain the shell.
    const [fault = ''] = messageOf(error).split('. ');
    return misused(`${fault}.\n\n${help}`);
  }
}
