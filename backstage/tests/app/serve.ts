import { coreServices, createBackendPlugin } from '@backstage/backend-plugin-api';
import { build } from 'esbuild';
import express from 'express';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Backstage</title>
<link rel="stylesheet" href="/app.css"></head><body><div id="root"></div><script type="module" src="/app.js"></script></body></html>`;

/** Bundles the application of the tests; `remove` when it is no longer served. */
export async function bundleApp(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-backstage-app-'));
  await build({
    entryPoints: [fileURLToPath(new URL('app.tsx', import.meta.url))],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', global: 'globalThis' },
    loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl' },
    // What Backstage's own build replaces by a package for browsers.
    alias: { 'csv-stringify/lib/sync': 'csv-stringify/lib/browser/sync.js' },
    logLevel: 'error',
  });
  await writeFile(join(folder, 'index.html'), PAGE);
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** Serves the application at every address that is not the backend's. */
export function appServer(folder: string) {
  return createBackendPlugin({
    pluginId: 'app',
    register(env) {
      env.registerInit({
        deps: { http: coreServices.httpRouter },
        async init({ http }) {
          const files = express.Router();
          files.use(express.static(folder));
          files.get('*', (_, answer) => answer.sendFile(join(folder, 'index.html')));
          http.use(files);
        },
      });
    },
  });
}
