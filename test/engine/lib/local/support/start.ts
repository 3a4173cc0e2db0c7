import { startLocal } from '../../../../../lib/local/main.ts';

// Runs the assembly $ASSEMBLY in $DATA_DIR, in a process that a test can kill.

const stack = await startLocal({
  assembly: process.env.ASSEMBLY ?? '',
  dataDir: process.env.DATA_DIR ?? '',
  anycheckBaseUrl: 'http://127.0.0.1:9',
  anycheckCredentials: { apiKey: 'unused' },
});
console.log(JSON.stringify({ url: stack.url, queueUrl: stack.outputs.QueueUrl, table: stack.outputs.Table }));
console.log('ready');
