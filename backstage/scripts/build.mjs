// Bundles each plugin into dist/ in the module format of its role; the declarations come from tsc.
import { readFileSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const OUTPUTS = {
  'common-library': [
    { format: 'cjs', outfile: 'index.cjs.js', platform: 'node' },
    { format: 'esm', outfile: 'index.esm.mjs', platform: 'neutral' },
  ],
  'backend-plugin': [{ format: 'cjs', outfile: 'index.cjs.js', platform: 'node' }],
  'backend-plugin-module': [{ format: 'cjs', outfile: 'index.cjs.js', platform: 'node' }],
  'frontend-plugin': [{ format: 'esm', outfile: 'index.esm.js', platform: 'browser', splitting: true, jsx: 'automatic' }],
};

for (const name of (await readdir(`${root}plugins`)).sort()) {
  const folder = `${root}plugins/${name}`;
  const { backstage } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  await rm(`${folder}/dist`, { recursive: true, force: true });
  for (const { outfile, ...options } of OUTPUTS[backstage.role]) {
    await build({
      entryPoints: [`${folder}/src/index.ts`],
      outdir: `${folder}/dist`,
      entryNames: outfile.slice(0, -extname(outfile).length),
      outExtension: { '.js': extname(outfile) },
      bundle: true,
      packages: 'external',
      ...options,
      target: 'es2022',
      sourcemap: true,
      logLevel: 'warning',
    });
  }
}
execFileSync(`${root}node_modules/.bin/tsc`, ['--project', `${root}tsconfig.build.json`], { stdio: 'inherit' });
for (const name of await readdir(`${root}build-types`)) {
  await cp(`${root}build-types/${name}/src`, `${root}plugins/${name}/dist/types`, { recursive: true });
}
await rm(`${root}build-types`, { recursive: true });
