/**
 * Berth's API for Backstage: types generated from its OpenAPI document, and a small client.
 *
 * @packageDocumentation
 */
export { BerthClient, type BerthClientOptions, type CallOptions } from './client';
export { BerthError, type Problem } from './errors';
export { readServerSentEvents, type ServerSentEvent } from './sse';
export { followOperation, type FollowOptions, type OperationEnd } from './follow';
export * from './model';
export { type GroupNames, groupOf, readGroupNames } from './groups';
