import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mapLimit } from '../../../functions/domain/map-limit.ts';
import { templateOf, VARIANTS } from '../../fakes/template.ts';
import { hasTerminal, paste, SHELLS } from './paste/session.ts';

/** Shells that run at once. */
const PARALLEL = 4;
/** The blocks of a page that its further blocks build on. */
const PRELUDE = /^(?:output|audit)\(\)|^TOKEN=|^url=http/m;

const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md').toSorted()].flatMap((page) => {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(([, block = '']) => block);
  return blocks.length > 0 ? [{ page, blocks }] : [];
});

const template = templateOf(VARIANTS['with machines']).toJSON();
const resources = Object.entries<{ Type: string }>(template.Resources);
const project = {
  outputs: Object.keys(template.Outputs),
  scripts: Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts),
  resources: resources.map(([LogicalResourceId, { Type }]) => ({ LogicalResourceId, ResourceType: Type })),
};

if (!hasTerminal) console.warn('No block is pasted: there is no `script` of util-linux to make a terminal.');

describe.each(SHELLS)('pasted into an interactive $name', (shell) => {
  if (!shell.isInstalled) console.warn(`No block is pasted into ${shell.name}, which is not installed.`);

  describe.runIf(hasTerminal && shell.isInstalled)('on a terminal', () => {
    it.each(pages)(
      'every block of $page runs as it stands, each line by itself',
      { timeout: 120_000 },
      async ({ blocks }) => {
        const problems = await mapLimit([...blocks.keys()], PARALLEL, async (i) => {
          const block = blocks[i] ?? '';
          const preludes = blocks.slice(0, i).filter((one) => PRELUDE.test(one));
          const pasted = await paste(shell, [...preludes, block], project);
          // A line that begins with a program runs it.
          const started = pasted.calls.length - (block.match(/^(?:aws|curl|git|npm|npx) /gm) ?? []).length;
          const missing = started < 0 ? [`${-started} programs did not run`] : [];
          return [...pasted.problems, ...missing].map((problem) => `${problem}\nin the block\n${block}`);
        });
        expect(problems.flat()).toEqual([]);
      },
    );
  });
});

it.each(pages)('$page uses no prompt of the shell, and no option that only GNU programs have', ({ blocks }) => {
  // A prompt would swallow the next pasted line; macOS has no `date -d`.
  for (const block of blocks) expect(block).not.toMatch(/\bread -\w*[sp]|\bdate -d/);
});

describe.runIf(hasTerminal && SHELLS.every(({ isInstalled }) => isInstalled))('the check', () => {
  const ARN = 'arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:Secret-a1B2c3';
  const REGION = 'export AWS_REGION=ap-southeast-3 AWS_PAGER=';
  const TOKEN = String.raw`token=$(curl -sS https://example.com/auth/login | sed 's/.*access_token":"\([^"]*\)".*/\1/')`;
  it.concurrent.each([
    ['bash', 'read -r key\necho "$key"', '1 lines were swallowed'],
    ['bash', 'npx cdk deploy -c stage=prod\necho deployed', 'npx cdk deploy -c stage=prod read the line echo deployed'],
    ['bash', `npm run put-credentials -- anycheck ${ARN}\necho stored`, 'read the line echo stored'],
    ['bash', 'curl -sS http://127.0.0.1 -H @-\necho done', 'curl -sS http://127.0.0.1 -H @-: reads the terminal'],
    ['bash', `${TOKEN}\ncurl -sS https://example.com -H "Authorization: Bearer $token"`, 'curl shows a secret'],
    ['bash', 'echo "done!important"', 'event not found'],
    ['bash', 'echo $(date', '1 lines were swallowed'],
    ['bash', 'echo "$unset"', 'unset: unbound variable'],
    ['zsh', 'echo "$unset"', 'unset: parameter not set'],
    ['zsh', '# a comment', 'command not found: #'],
    ['zsh', 'curl -sS http://127.0.0.1/verifications?result_id=1', 'no matches found'],
    ['bash', 'aws sqs delete-message', 'You must specify a region.'],
    [
      'bash',
      `${REGION}\naws sqs delete-message --queue-url https://sqs.ap-southeast-3.amazonaws.com/123456789012/q`,
      'the following arguments are required: --receipt-handle',
    ],
    ['bash', `${REGION}\naws lambda get-account-settings --region`, 'Unknown options: --region'],
    ['bash', `${REGION}\naws lambda get-function-concurency`, 'the stand-in knows no command'],
    [
      'bash',
      `${REGION}\naws logs put-retention-policy --log-group-name group --retention-in-days 1800`,
      '--retention-in-days cannot be "1800"',
    ],
    ['bash', 'npm run replay restored ledger', 'npm takes the arguments of a script after --'],
  ])('notices in %s: %j', async (name, block, problem) => {
    const shell = SHELLS.find((one) => one.name === name) ?? SHELLS[0];
    const { problems } = await paste(shell, [block], project);
    expect(problems.join('\n')).toContain(problem);
  });
});
