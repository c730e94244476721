/** `npm start`: builds what is stale, then runs the triage example in this process (so Ctrl-C and stdin are its own). */

import { runApp } from './app.mjs';
import { main } from './lib/run.mjs';

await main(() => runApp('examples/triage/main', process.argv.slice(2)));
