import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSettings } from '../../../../lib/settings/settings.ts';
import { readStageFile } from '../../../../lib/settings/stage-file.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stage-file-'));
  mkdirSync(join(root, 'config'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes a stage's file: an object as JSON, a text as it is. */
const write = (stage: string, content: string | Record<string, unknown>) =>
  writeFileSync(join(root, `config/${stage}.json`), typeof content === 'string' ? content : JSON.stringify(content));

/** The settings of a synthesis with this context and this environment. */
const settingsOf = (context: Record<string, unknown> = {}, env: Record<string, string> = {}) =>
  parseSettings(context, { file: readStageFile({ root, context, env }) });

describe('the file of a stage', () => {
  it('gives the settings of that stage alone', () => {
    write('prod', { throttle_rps: 70, fresh_seconds: { active: 9 } });
    write('staging', { throttle_rps: 30 });
    expect(settingsOf()).toEqual({ ...parseSettings({ throttle_rps: 70, fresh_seconds: { active: 9 } }) });
    expect(settingsOf({ stage: 'staging' })).toMatchObject({ stage: 'staging', throttle_rps: 30 });
    expect(settingsOf({ stage: 'other' })).toEqual(parseSettings({ stage: 'other' }));
  });

  it('loses against the CDK context, setting by setting', () => {
    write('prod', { throttle_rps: 70, throttle_burst: 90, fresh_seconds: { active: 9, waiting: 99 } });
    expect(settingsOf({ throttle_rps: '20', fresh_seconds: '{"active":1}', '@aws-cdk/core:flag': true })).toEqual(
      parseSettings({ throttle_rps: 20, throttle_burst: 90, fresh_seconds: { active: 1 } }),
    );
  });

  it('may name its schema, hold comments, begin with a byte order mark, and leave settings open with null', () => {
    write(
      'prod',
      '\uFEFF{"$schema": "./schema.json", "//": "ours", "// throttle_rps": 1, "throttle_rps": null, "//": 2, "stage": null}',
    );
    expect(settingsOf()).toEqual(parseSettings({}));
  });

  it('may hold comments and null in the objects of its settings as well', () => {
    write(
      'prod',
      `{"fresh_seconds": {"//": "ours", "active": 9, "//": "theirs", "waiting": null},
        "auth_domain_prefix": "ours", "machine_clients": {"// scoring": "reads", "scoring": "viewer", "old": null}}`,
    );
    expect(settingsOf()).toEqual(
      parseSettings({
        fresh_seconds: { active: 9 },
        auth_domain_prefix: 'ours',
        machine_clients: { scoring: 'viewer' },
      }),
    );
  });

  it.each(['prod', 'staging'])('of the stage %s may be a copy of the example, which sets the defaults', (stage) => {
    cpSync('config/example.json', join(root, `config/${stage}.json`));
    expect(settingsOf({ stage, require_config: 'true' })).toEqual(parseSettings({ stage }));
  });

  it('may name its own stage, and no other one', () => {
    write('prod', { stage: 'prod' });
    expect(settingsOf()).toEqual(parseSettings({}));
    write('staging', { stage: 'prod' });
    expect(() => settingsOf({ stage: 'staging' })).toThrow(
      new Error(`Setting "stage" in config/staging.json is not usable: must be staging, as the file's name.`),
    );
  });

  it.each([
    ['{\n  "throttle_rps": 70,\n}', 'config/prod.json is not usable: property name expected at line 3, column 1.'],
    [
      '{\n  "domain_name": "api.example.com",\n  "domain_name": null\n}',
      'config/prod.json is not usable: "domain_name" for the second time at line 3, column 3.',
    ],
    ['[]', 'config/prod.json is not usable: must be a JSON object.'],
    ['', 'config/prod.json is not usable: value expected at line 1, column 1.'],
    [
      { throttle_rps: 7 },
      'Setting "throttle_rps" in config/prod.json is not usable: must be a whole number from 10 to 10000.',
    ],
    [
      { fresh_seconds: { active: 0 } },
      'Setting "fresh_seconds.active" in config/prod.json is not usable: must be a whole number from 1 to 86400.',
    ],
    [
      { domain_name: 'api.example.com' },
      'Setting "domain_name" in config/prod.json is not usable: requires certificate_arn.',
    ],
    [
      { unknown_follows_per_day: 1 },
      'Setting "unknown_follows_per_day" in config/prod.json is replaced by new_groups_per_day, the quota of groups that a caller adds per day.',
    ],
  ])('is refused in one sentence that names it: %j', (content, sentence) => {
    write('prod', content);
    expect(() => settingsOf()).toThrow(new Error(sentence));
  });

  it.each(['budget_shar', 'require_config', '@aws-cdk/core:flag', 'constructor', '__proto__'])(
    'with the unknown key %s is refused in a sentence that names both',
    (key) => {
      write('prod', `{"${key}": true}`);
      expect(() => settingsOf()).toThrow(`Setting "${key}" in config/prod.json is not known; the settings are stage, `);
    },
  );

  it('is not blamed for the command line', () => {
    write('prod', { throttle_rps: 70 });
    const sentence = 'Setting "throttle_rps" is not usable: must be a whole number from 10 to 10000.';
    expect(() => settingsOf({ throttle_rps: '7' })).toThrow(new Error(sentence));
    expect(() => settingsOf({ budget_shar: 1 })).toThrow(/^Setting "budget_shar" is not known/);
  });

  it('that cannot be read is refused, and not left out', () => {
    mkdirSync(join(root, 'config/prod.json'));
    expect(() => settingsOf()).toThrow(new Error('config/prod.json cannot be read: EISDIR.'));
  });

  it.each<BufferEncoding>(['latin1', 'utf16le'])('in %s is refused, and no letter of it is replaced', (encoding) => {
    writeFileSync(join(root, 'config/prod.json'), '\uFEFF{"groups_claim": "rôles"}', encoding);
    expect(() => settingsOf()).toThrow(new Error('config/prod.json is not usable: must be text in UTF-8.'));
    writeFileSync(join(root, 'config/prod.json'), '\uFEFF{"groups_claim": "rôles"}', 'utf8');
    expect(settingsOf().groups_claim).toBe('rôles');
  });

  it.each(['example', 'schema', '../prod', 'Prod'])('of the stage %s does not exist', (stage) => {
    write('example', { throttle_rps: 7 });
    write('schema', { type: 'object' });
    expect(() => settingsOf({ stage })).toThrow(/^Setting "stage" is not usable: must [^\n]+\.$/);
  });

  it('is not read for the local run', () => {
    write('local', { throttle_rps: 70 });
    expect(settingsOf({ stage: 'local' })).toEqual(parseSettings({ stage: 'local' }));
  });
});

describe('a setting in cdk.json', () => {
  /** The settings of a synthesis whose cdk.json has this context, with these of the command line. */
  const withCdkJson = (shared: Record<string, unknown>, given: Record<string, unknown> = {}) => {
    writeFileSync(join(root, 'cdk.json'), JSON.stringify({ app: 'node bin/app.ts', context: shared }));
    return settingsOf({ ...shared, ...given });
  };

  it('counts where there is no file, and where the file leaves it open', () => {
    expect(withCdkJson({ throttle_rps: 20 })).toEqual(parseSettings({ throttle_rps: 20 }));
    write('prod', { throttle_rps: null, throttle_burst: 90, stage: 'prod' });
    const shared = { throttle_rps: 20, stage: 'prod', require_config: true, '@aws-cdk/core:flag': true };
    expect(withCdkJson(shared)).toEqual(parseSettings({ throttle_rps: 20, throttle_burst: 90 }));
    expect(withCdkJson(shared, { throttle_burst: '30' }).throttle_burst).toBe(30);
  });

  it.each<Record<string, unknown>>([{}, { throttle_rps: '30' }])(
    'is refused where the file has it too, whatever the values and the command line: %j',
    (given) => {
      write('prod', { throttle_rps: 20, throttle_burst: 90, tracing: true });
      expect(() => withCdkJson({ throttle_rps: 20, throttle_burst: 40 }, given)).toThrow(
        new Error(
          'Setting "throttle_rps" is in cdk.json and in config/prod.json: remove it from cdk.json.\n' +
            'Setting "throttle_burst" is in cdk.json and in config/prod.json: remove it from cdk.json.',
        ),
      );
    },
  );

  it('is none if the key belongs to the CDK', () => {
    write('prod', { '@aws-cdk/core:flag': true });
    expect(() => withCdkJson({ '@aws-cdk/core:flag': true })).toThrow(
      'Setting "@aws-cdk/core:flag" in config/prod.json is not known',
    );
  });
});

describe('a required file', () => {
  const absent = (stage: string) =>
    `config/${stage}.json does not exist, but require_config is set. ` +
    `Either the stage "${stage}" is misspelt, or its file is not in this copy of the project.`;

  it.each<[Record<string, unknown>, Record<string, string>]>([
    [{ require_config: 'true' }, {}],
    [{ require_config: true }, { REQUIRE_CONFIG: '0' }],
    [{}, { REQUIRE_CONFIG: '1' }],
    [{}, { REQUIRE_CONFIG: 'true' }],
  ])('ends the synthesis where it is absent, with the context %j and the environment %j', (context, env) => {
    expect(() => settingsOf(context, env)).toThrow(new Error(absent('prod')));
    write('prod', { throttle_rps: 70 });
    expect(settingsOf(context, env)).toEqual(parseSettings({ throttle_rps: 70 }));
    expect(() => settingsOf({ ...context, stage: 'prdo' }, env)).toThrow(new Error(absent('prdo')));
  });

  it.each<[Record<string, unknown>, Record<string, string>]>([
    [{ require_config: 'false' }, { REQUIRE_CONFIG: '1' }],
    [{}, { REQUIRE_CONFIG: '' }],
    [{}, { REQUIRE_CONFIG: '0' }],
    [{}, { REQUIRE_CONFIG: 'false' }],
  ])('is none with the context %j and the environment %j', (context, env) => {
    expect(settingsOf(context, env)).toEqual(parseSettings({}));
  });

  it('does not exist for the stage of the local run', () => {
    expect(() => settingsOf({ stage: 'local', require_config: true })).toThrow(
      new Error('The stage local belongs to npm start and has no file, but require_config is set.'),
    );
  });

  it('is switched on by true, or in the environment by 1, and by no other word', () => {
    expect(() => settingsOf({ require_config: 'yes' })).toThrow(
      new Error('Setting "require_config" is not usable: must be true or false.'),
    );
    expect(() => settingsOf({}, { REQUIRE_CONFIG: 'no' })).toThrow(
      new Error('The environment variable REQUIRE_CONFIG is not usable: must be 1 or 0.'),
    );
  });
});
