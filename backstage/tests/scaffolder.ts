import { ConfigReader } from '@backstage/config';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { mockServices } from '@backstage/backend-test-utils';
import { createBerthActions } from '@berth/backstage-plugin-scaffolder-backend-module-berth';

export interface StepRun {
  output: Record<string, unknown>;
  log: string[];
}

/** A task of the scaffolder: runs its steps by the actions of Berth, as user:default/jane. */
export class Task {
  private readonly actions: TemplateAction[];

  constructor(
    berthUrl: string,
    private readonly id: string,
  ) {
    const config = new ConfigReader({ berth: { baseUrl: berthUrl } });
    this.actions = createBerthActions(config) as unknown as TemplateAction[];
  }

  async run(stepId: string, verb: string, input: Record<string, unknown>): Promise<StepRun> {
    const action = this.actions.find(one => one.id === `berth:environment:${verb}`);
    if (!action) throw new Error(`there is no action for ${verb}`);
    const log: string[] = [];
    const logger = mockServices.logger.mock({ info: (line: string) => void log.push(line) });
    const output: Record<string, unknown> = {};
    await action.handler({
      ...createMockActionContext({ input: input as never, logger: logger as never, task: { id: this.id }, user: { ref: 'user:default/jane' } }),
      step: { id: stepId, name: stepId },
      output: (name: string, value: unknown) => void (output[name] = value),
    } as never);
    return { output, log };
  }
}
