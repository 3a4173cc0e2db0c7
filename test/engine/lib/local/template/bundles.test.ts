import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { BUNDLES } from '../../../../../lib/bundle.ts';

it.each(['dev', 'prod'])(
  'the bundles of the local run are refused for stage %s, which would deploy old code',
  (stage) => {
    const env = {
      ...process.env,
      REQUIRE_CONFIG: '',
      [BUNDLES]: '/bundles',
      CDK_CONTEXT_JSON: JSON.stringify({ stage }),
    };
    const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], { env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `${BUNDLES} is for the local run alone: unset it, or old code is deployed.\n`,
    });
  },
);
