import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AssetHashType, DockerImage, type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { BUNDLES, bundle, FUNCTIONS } from './bundle.ts';

/** What a Lambda may use: the environment variables that name a resource, together with the permissions on it. */
export interface Capability<Env> {
  readonly env: Env;
  grant(fn: LambdaFunction): void;
}

type Merged<C> = (C extends Capability<infer E> ? (env: E) => void : never) extends (env: infer All) => void
  ? All
  : never;

/** Plain configuration: variables that need no permission. */
export const configuration = <Env>(env: Env): Capability<Env> => ({ env, grant: () => {} });

export function merge<const C extends readonly Capability<object>[]>(
  ...capabilities: C
): Capability<Merged<C[number]>> {
  return {
    env: Object.assign({}, ...capabilities.map((one) => one.env)),
    grant: (fn) => {
      for (const one of capabilities) one.grant(fn);
    },
  };
}

export interface LambdaProps {
  /** The folder below `functions/` that holds `handler.ts`. */
  readonly folder: string;
  /**
   * Write `merge(…) satisfies Capability<Env>` with the folder's own `Env`, so that a missing variable fails the type
   * check.
   */
  readonly uses: Capability<object>;
  readonly timeout: Duration;
  /** MiB. */
  readonly memory: number;
  readonly logRetention: RetentionDays;
  /** Returns the files to pack beside the bundle as `<name>.gz`, by name. It runs only when the CDK builds the bundle. */
  readonly files?: () => Readonly<Record<string, string>>;
  /** Receives the event of an asynchronous invocation that failed three times. */
  readonly deadLetterQueue?: Queue;
}

/** A Lambda of this service: the bundle of one folder, on the runtime that `npm start` also uses. */
export class Lambda extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: LambdaProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // AWS's basic execution policy would let the function write to every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.fn = new LambdaFunction(this, 'Function', {
      role,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: codeOf(props.folder, props.files),
      timeout: props.timeout,
      memorySize: props.memory,
      environment: { ...props.uses.env },
      loggingFormat: LoggingFormat.TEXT,
      logGroup,
      ...(props.deadLetterQueue && { deadLetterQueue: props.deadLetterQueue }),
    });
    props.uses.grant(this.fn);
  }

  /** Turns on X-Ray tracing. Lambda itself sends the traces, so the function needs no code for it. */
  trace(): void {
    const { defaultChild } = this.fn.node;
    if (!(defaultChild instanceof CfnFunction))
      throw new Error('a Function holds its CfnFunction as its default child');
    defaultChild.tracingConfig = { mode: Tracing.ACTIVE };
    const actions = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
    this.fn.addToRolePolicy(new PolicyStatement({ actions, resources: ['*'] }));
    acknowledge(
      this,
      'AwsSolutions-IAM5[Resource::*]',
      'The two X-Ray actions that write traces support no resource types, as the service authorization reference says.',
    );
  }
}

function codeOf(folder: string, files: LambdaProps['files'] = () => ({})): Code {
  // The CDK identifies a bundle by its source folder, so each function passes its own.
  return Code.fromAsset(`${FUNCTIONS}/${folder}`, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-pulled'),
      local: {
        tryBundle(outdir) {
          const made = process.env[BUNDLES];
          if (made) cpSync(join(made, folder), outdir, { recursive: true });
          else bundle(folder, outdir);
          for (const [name, text] of Object.entries(files())) {
            writeFileSync(`${outdir}/${name}.gz`, gzipSync(text, { level: 9 }));
          }
          return true;
        },
      },
    },
  });
}
