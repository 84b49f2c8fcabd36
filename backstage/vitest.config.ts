import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests run on the sources, so that they need no build.
const sourceOf = (name: string) => fileURLToPath(new URL(`./plugins/${name}/src/index.ts`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [{ find: /^@berth\/backstage-plugin-(.*)$/, replacement: sourceOf('$1') }],
  },
  test: {
    globals: true,
    include: ['tests/*.test.ts'],
    globalSetup: ['tests/start-berth.ts'],
    setupFiles: ['tests/setup.ts'],
    // Long, for machines that do much else: what is waited for comes within seconds otherwise.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
