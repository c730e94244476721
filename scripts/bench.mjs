/** `npm run bench [-- P1a P5]`: builds what is stale, then runs the benches named, or all, and writes bench-results.json. */
import { runApp } from './app.mjs';
import { main } from './lib/run.mjs';

await main(() => runApp('benches/main', process.argv.slice(2)));
