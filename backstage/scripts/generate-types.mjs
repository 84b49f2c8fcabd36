// Writes the types of Berth's API from its OpenAPI document; with --check says whether they are stale.
// Usage: berth openapi | node scripts/generate-types.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const TARGET = fileURLToPath(new URL('../plugins/berth-common/src/generated/api.ts', import.meta.url));
const HEADER = '// Generated from the OpenAPI document by `./dev backstage types`. Do not edit.\n';
// Only what these packages call: what they do not use cannot make them stale.
const OPERATIONS = new Set([
  'approve_operation',
  'change_environment',
  'create_environment',
  'extend_environment',
  'get_environment',
  'get_operation',
  'get_plan',
  'get_references',
  'list_drift_reports',
  'list_environments',
  'list_operation_events',
  'list_operations',
  'list_outputs',
  'start_operation',
]);

function keepCalled(document) {
  const paths = {};
  for (const [path, item] of Object.entries(document.paths)) {
    const called = Object.entries(item).filter(([, one]) => OPERATIONS.delete(one.operationId));
    if (called.length) paths[path] = Object.fromEntries(called);
  }
  if (OPERATIONS.size) throw new Error(`the document has no operation ${[...OPERATIONS].join(', ')}`);
  const schemas = {};
  const visit = value => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (value && typeof value === 'object') Object.entries(value).forEach(visitMember);
  };
  const visitMember = ([key, value]) => {
    const name = key === '$ref' && typeof value === 'string' ? value.split('/').at(-1) : undefined;
    if (name && !(name in schemas)) {
      schemas[name] = document.components.schemas[name];
      visit(schemas[name]);
    }
    visit(value);
  };
  visit(paths);
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { openapi: document.openapi, info: document.info, paths, components: { schemas: sorted } };
}

const document = keepCalled(JSON.parse(await text(process.stdin)));
document.info = { title: document.info.title, version: '1' };
const wanted = HEADER + astToString(await openapiTS(document, { defaultNonNullable: false }));
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== wanted) {
    console.error('The types of the API are stale: run ./dev backstage types');
    process.exit(1);
  }
} else {
  writeFileSync(TARGET, wanted);
}
