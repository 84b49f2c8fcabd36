/**
 * Actions for Backstage's software templates: environments of Berth.
 *
 * @packageDocumentation
 */
export { scaffolderModuleBerth as default } from './module';
export { createBerthActions } from './actions';
