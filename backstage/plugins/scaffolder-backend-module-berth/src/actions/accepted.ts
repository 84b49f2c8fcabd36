import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Accepted } from '@berth/backstage-plugin-berth-common';
import type { z } from 'zod/v3';

/** What a step that submits an operation gives to later steps. */
export const ACCEPTED_OUTPUT = {
  environmentId: (zod: typeof z) => zod.string().describe("The environment's id"),
  operationId: (zod: typeof z) => zod.string().describe('The operation to wait for with berth:environment:wait'),
  state: (zod: typeof z) => zod.string().describe("The operation's state when it was submitted"),
};

/** Where the members of ACCEPTED_OUTPUT go. */
export type AcceptedContext = {
  logger: LoggerService;
  output(name: 'environmentId' | 'operationId' | 'state', value: string): void;
};

/** Gives out what was submitted and says so in the task's log. */
export function giveAccepted(context: AcceptedContext, { environment, operation }: Accepted): void {
  context.logger.info(
    `${environment.team}/${environment.name}: ${operation.kind} ${operation.id} is ${operation.state}`,
  );
  context.output('environmentId', environment.id);
  context.output('operationId', operation.id);
  context.output('state', operation.state);
}
