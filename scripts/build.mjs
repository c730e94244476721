/** `npm run build`: the addon, its contract `index.d.ts`, `dist/`, and the examples and benches. */
import { main, say } from './lib/run.mjs';
import { ensure, hasCurrentContract, writeContract } from './setup.mjs';

await main(async () => {
  await ensure('addon');
  if (!hasCurrentContract()) {
    writeContract();
    say('index.d.ts is written anew: commit it.');
  }
  await ensure();
  say('everything is built.');
});
