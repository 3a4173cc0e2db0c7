// Stands in for the programs that pasted blocks call: `stand-in.ts <program> <argument>...`. It records the call, refuses
// what the real program would refuse, prints a plausible answer, and changes nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { aws } from './aws.ts';
import { type Call, PROMPT, project, Refused, record, refuse, SECRETS, standardInput } from './call.ts';

const [program = '', ...args] = process.argv.slice(2);
const GROUP = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const call: Call = { program, args };
try {
  const printed = answer();
  process.stdout.write(printed);
} catch (error) {
  call.problem = error instanceof Refused ? error.message : String(error);
  process.exitCode = 252;
}
record(call);

function answer(): string {
  switch (program) {
    case 'aws':
      return aws(args);
    case 'curl':
      return curl();
    case 'npm':
      return npm();
    case 'npx':
      return npx();
    case 'node':
      process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
      return '';
    case 'git':
      return /^(pull|checkout .+)$/.test(args.join(' ')) ? '' : refuse('unknown command');
    default:
      return refuse('unknown program');
  }
}

/** Prompts, and reads one line of the terminal: the operator's, or the next line of the block. */
function readAnswer(): void {
  process.stdout.write(PROMPT);
  let line = '';
  const byte = Buffer.alloc(1);
  while (readSync(0, byte) > 0 && byte.toString() !== '\n') line += byte;
  call.answer = line;
}

function curl(): string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      silent: { type: 'boolean', short: 's' },
      'show-error': { type: 'boolean', short: 'S' },
      include: { type: 'boolean', short: 'i' },
      header: { type: 'string', short: 'H', multiple: true },
      data: { type: 'string', short: 'd' },
      config: { type: 'string', short: 'K' },
      request: { type: 'string', short: 'X' },
    },
  });
  const [url, ...others] = positionals;
  if (url === undefined || others.length > 0 || !/^https?:\/\/[^/]+/.test(url)) refuse(`bad address: ${positionals}`);
  for (const value of [
    ...(values.header ?? []),
    values.data ?? '',
    values.config === undefined ? '' : `@${values.config}`,
  ]) {
    if (value === '@-') standardInput();
    else if (value.startsWith('@') && !existsSync(value.slice(1))) refuse(`cannot read ${value}`);
  }
  const isLocal = url?.startsWith('http://127.0.0.1') ?? false;
  return `${JSON.stringify({ access_token: isLocal ? 'local-token' : SECRETS.accessToken })}\n`;
}

function npm(): string {
  const [command, script = '', ...rest] = args;
  if (command === 'ci' || command === 'start') return '';
  if (command !== 'run' || !project().scripts.includes(script)) refuse(`npm has no such script: ${script}`);
  if (rest.length > 0 && rest[0] !== '--') refuse('npm takes the arguments of a script after --');
  const given = rest.slice(1).join(' ');
  if (script === 'put-credentials') {
    if (!/^[a-z-]+ arn:aws:secretsmanager:\S+( --drop-previous)?$/.test(given)) refuse(`wrong arguments: ${given}`);
    if (!/^webhook-(token|keyring)/.test(given)) readAnswer();
  }
  if (script === 'replay' && !/^\S+ \S+$/.test(given)) refuse(`wrong arguments: ${given}`);
  if (script === 'restore') {
    const [, groups = ''] = /^\S+ \S+ --ledger \S+ (.+)$/.exec(given) ?? [];
    if (groups !== '--all' && !groups.split(' ').every((id) => GROUP.test(id))) refuse(`wrong arguments: ${given}`);
  }
  return '';
}

function npx(): string {
  const [tool, command] = args;
  if (tool === '--yes')
    return /^(--package )?(typescript|@openapitools\/openapi-generator-cli)@\d/.test(args.slice(1).join(' '))
      ? ''
      : refuse(`unknown package: ${args.join(' ')}`);
  if (tool !== 'cdk') return /^(vitest|tsc|biome|knip)$/.test(tool ?? '') ? '' : refuse(`unknown tool: ${tool}`);
  if (!/^(bootstrap|deploy|destroy|diff|synth)$/.test(command ?? '')) refuse(`unknown command: ${command}`);
  if (/-c stage=(?:$| )/.test(args.join(' '))) refuse('the stage is empty');
  // The CDK asks before it creates permissions, and before it destroys a stack.
  if (command === 'deploy' || command === 'destroy') readAnswer();
  return '';
}
