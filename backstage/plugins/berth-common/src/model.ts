import type { components } from './generated/api';

type Schemas = components['schemas'];

export type Environment = Schemas['EnvironmentView'];
export type EnvironmentSummary = Schemas['EnvironmentSummary'];
export type Operation = Schemas['OperationView'];
export type OperationState = Operation['state'];
export type RecordedEvent = Schemas['RecordedEvent'];
export type Output = Schemas['OutputItem'];
export type OutputList = Schemas['OutputList'];
export type Plan = Schemas['PlanView'];
export type References = Schemas['ReferencesView'];
export type DriftReport = Schemas['DriftReportView'];
export type Accepted = Schemas['AcceptedView'];
/** A request document as its team writes it; Berth checks it and names each wrong place. */
export type EnvironmentRequest = { [member: string]: unknown };

/** States after which nothing happens to an operation any more. */
const FINAL_STATES: readonly OperationState[] = [
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
  'rejected',
  'expired',
  'superseded',
];

/** Whether an operation has ended, well or not. */
export function hasEnded(state: OperationState): boolean {
  return FINAL_STATES.includes(state);
}

/** The header that names the Backstage user for whom a service asks. */
export const ON_BEHALF_OF_HEADER = 'Berth-On-Behalf-Of';

/** Marks an entity as an environment of Berth; the value is the environment's id. */
export const ENVIRONMENT_ID_ANNOTATION = 'berth.dev/environment-id';

/** The environment's team, by its name in Berth. */
export const TEAM_ANNOTATION = 'berth.dev/team';
