/** Checks that the committed `index.d.ts` is what the addon of these sources generates. */
import { Failure, main, run, say } from './lib/run.mjs';
import { ensure, generatedContract, hasCurrentContract } from './setup.mjs';

await main(async () => {
  await ensure('addon');
  if (hasCurrentContract()) return say('index.d.ts is the contract of the addon.');
  await run('git', ['--no-pager', 'diff', '--no-index', '--', 'index.d.ts', generatedContract]);
  throw new Failure('index.d.ts has drifted from crates/node: `npm run build` writes it anew.');
});
