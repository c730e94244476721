/** `npm run example [-- NAME [arguments]]`: runs an example of `examples/`; without a name it lists them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runApp } from './app.mjs';
import { Failure, main, root } from './lib/run.mjs';

const names = readdirSync(join(root, 'examples')).sort();
const [name, ...args] = process.argv.slice(2);

await main(async () => {
  if (name === undefined) {
    for (const each of names) console.log(each);
  } else if (names.includes(name)) {
    await runApp(`examples/${name}/main`, args);
  } else {
    throw new Failure(`There is no example ${JSON.stringify(name)}; there are: ${names.join(', ')}.`);
  }
});
