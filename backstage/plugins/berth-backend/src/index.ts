/**
 * Lets Backstage's pages reach Berth, in the name of who is signed in.
 *
 * @packageDocumentation
 */
export { berthPlugin as default } from './plugin';
