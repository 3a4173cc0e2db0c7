import { readFileSync } from 'node:fs';
import { COMMANDS, type Shape, valueOfOutput } from './aws-commands.ts';
import { project, recorded, refuse, standardInput } from './call.ts';
import { asText, evaluate } from './query.ts';

/** Options of every command. */
const GLOBAL = { query: /^\S/, output: /^(json|text|table)$/, 'cli-input-json': /^\{.*\}\s*$/s };

/** Checks a call of the AWS CLI, version 2. @returns what it prints. @throws Refused where the CLI refuses the call. */
export function aws(args: readonly string[]): string {
  const words = args[1] === 'wait' ? 3 : 2;
  const operation = args.slice(0, words).join(' ');
  const command = COMMANDS[operation] ?? refuse(`the stand-in knows no command ${operation}`);
  if (process.env.AWS_REGION === undefined) refuse('You must specify a region.');
  if (process.env.AWS_PAGER !== '' && operation !== 'cloudformation describe-stacks') refuse('opens a pager');

  const shapes: Record<string, Shape> = { ...GLOBAL, ...command.required, ...command.optional };
  const options = new Map<string, string[]>();
  const positionals: string[] = [];
  for (let i = words; i < args.length; i++) {
    const arg = args[i] ?? '';
    const option = arg.startsWith('--') ? arg.slice(2) : undefined;
    if (option === undefined) positionals.push(arg);
    else if (!shapes[option]) refuse(`Unknown options: ${arg}`);
    else {
      const values: string[] = [];
      while (
        i + 1 < args.length &&
        !args[i + 1]?.startsWith('--') &&
        (values.length === 0 || command.lists?.includes(option))
      ) {
        values.push(parameter(args[++i] ?? ''));
      }
      if (values.length === 0) refuse(`${arg}: expected at least one argument`);
      options.set(option, values);
    }
  }
  const [input] = options.get('cli-input-json') ?? [];
  for (const [member, value] of Object.entries(input === undefined ? {} : JSON.parse(input))) {
    const option = member.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
    if (!shapes[option]) refuse(`Unknown parameter in input: ${member}`);
    options.set(option, [String(value)]);
  }
  for (const option of Object.keys(command.required ?? {})) {
    if (!options.has(option)) refuse(`the following arguments are required: --${option}`);
  }
  for (const [option, values] of options) {
    for (const value of values)
      if (!shapes[option]?.test(value)) refuse(`--${option} cannot be ${JSON.stringify(value)}`);
  }
  const isPositional = positionals.every((value) => command.positional?.test(value));
  if (!isPositional || positionals.length !== (command.positional ? 1 : 0)) refuse(`Unknown options: ${positionals}`);

  const answer = answerTo(operation);
  if (answer === undefined) return '';
  const [query = '', output = 'json'] = [options.get('query')?.[0], options.get('output')?.[0]];
  const result = evaluate(query, answer);
  return `${output === 'text' ? asText(result) : JSON.stringify(result)}\n`;
}

/** Reads a parameter file, as the CLI does. */
function parameter(value: string): string {
  if (value === 'file:///dev/stdin') return standardInput();
  return value.startsWith('file://') ? readFileSync(value.slice('file://'.length), 'utf8') : value;
}

function answerTo(operation: string): unknown {
  const { outputs, resources } = project();
  switch (operation) {
    case 'cloudformation describe-stacks':
      return {
        Stacks: [{ Outputs: outputs.map((OutputKey) => ({ OutputKey, OutputValue: valueOfOutput(OutputKey) })) }],
      };
    case 'cloudformation list-stack-resources':
      return {
        StackResourceSummaries: resources.map((resource) => ({
          ...resource,
          PhysicalResourceId: `${resource.LogicalResourceId}-name`,
        })),
      };
    case 'sqs receive-message':
      return recorded().some(({ args }) => args[1] === 'delete-message') ? {} : COMMANDS[operation]?.answer;
    default:
      return COMMANDS[operation]?.answer;
  }
}
