/**
 * Berth's environments as resources of Backstage's catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleBerth as default } from './module';
export { BerthEntityProvider, type EnvironmentNamed } from './provider';
export { type Conventions } from './conventions';
