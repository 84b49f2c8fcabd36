import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    berthUrl: string;
    /** The server that Berth has started for itself: Backstage's own databases are made in it. */
    postgres: { host: string; port: number };
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY = /serving at (http:\S+)/;

/** Starts one whole Berth, in the sandbox, for all tests: Postgres, API and worker as processes of their own. */
export default async function startBerth(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-backstage-'));
  const berth = spawn(process.env.BERTH_PYTHON ?? 'python', ['-m', 'service.cli', 'up'], {
    cwd: ROOT,
    env: {
      ...process.env,
      PYTHONPATH: ROOT,
      BERTH_DATA_DIR: folder,
      BERTH_PORT: String(await freePort()),
      BERTH_APPROVALS: '{"production": {"approvers": 1, "self_approval": true}}',
      BERTH_WEBHOOK_PRIVATE_TARGETS: '["127.0.0.0/8"]',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  project.provide('berthUrl', await addressOf(berth));
  project.provide('postgres', await postgresOf(folder));
  return async () => {
    const ended = new Promise(resolve => berth.once('exit', resolve));
    berth.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}

/** Reads where the server listens from its `postmaster.pid`: port and directory of the socket are lines 4 and 5. */
async function postgresOf(folder: string): Promise<{ host: string; port: number }> {
  const lines = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  return { host: lines[4] ?? '', port: Number(lines[3]) };
}

function addressOf(berth: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const ready = READY.exec(said);
      if (ready?.[1]) resolve(ready[1]);
    };
    berth.stdout?.on('data', listen);
    berth.stderr?.on('data', listen);
    berth.once('error', reject);
    berth.once('exit', code => reject(new Error(`Berth has ended with ${code}:\n${said}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error())));
    });
  });
}
