import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { readAssembly } from '../../../lib/local/template/assembly.ts';
import { synthesize } from '../../../lib/local/template/synthesize.ts';

const OfFunction = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

/** A handler in the bundle that a deployment would have. */
export interface Deployed extends AsyncDisposable {
  readonly file: string;
  readonly name: string;
}

/** The reading Lambda: that which knows how fresh is fresh. */
export async function deployedReader(): Promise<Deployed> {
  const outdir = await mkdtemp(join(tmpdir(), 'bench-'));
  const { template, asset } = await readAssembly(await synthesize({ outdir }));
  const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  for (const { Properties } of functions) {
    const { data } = OfFunction.safeParse(Properties);
    if (!data || !('FRESH_ACTIVE_SECONDS' in data.Environment.Variables)) continue;
    const [file = '', name = ''] = data.Handler.split('.');
    return {
      file: join(asset(data.Code.S3Key), `${file}.js`),
      name,
      [Symbol.asyncDispose]: () => rm(outdir, { recursive: true, force: true }),
    };
  }
  throw new Error('no function of the template reads snapshots');
}
