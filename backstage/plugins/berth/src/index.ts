/**
 * An entity card and a page of Berth's environments.
 *
 * @packageDocumentation
 */
export { berthPlugin as default } from './plugin';
export { type BerthApi, berthApiRef } from './api';
