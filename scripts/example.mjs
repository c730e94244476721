/** `npm run example [-- NAME [arguments]]`: runs an example of `examples/`; without a name it lists them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runApp } from './app.mjs';
import { Failure, main, root } from './lib/run.mjs';

const source = (name) => join(root, 'examples', name, 'main.ts');
/** A folder without `main.ts` is what examples share. */
const names = readdirSync(join(root, 'examples'))
  .filter((name) => existsSync(source(name)))
  .sort();
const [name, ...args] = process.argv.slice(2);

await main(async () => {
  if (name === undefined) {
    const width = Math.max(...names.map(({ length }) => length));
    for (const each of names) console.log(`${each.padEnd(width)}  ${about(each)}`);
  } else if (names.includes(name)) {
    await runApp(`examples/${name}/main`, args);
  } else {
    throw new Failure(`There is no example ${JSON.stringify(name)}; there are: ${names.join(', ')}.`);
  }
});

/** What an example says first about itself: the first sentence of its first comment. */
function about(name) {
  const [, comment = ''] = /\/\*\*(.*?)\*\//s.exec(readFileSync(source(name), 'utf8')) ?? [];
  const text = comment
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  return /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;
}
