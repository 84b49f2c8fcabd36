import type { Config } from '@backstage/config';
import { createApproveAction } from './approve';
import { createCreateAction } from './create';
import { createDestroyAction } from './destroy';
import { createExtendAction } from './extend';
import { createOutputsAction } from './outputs';
import { createPreviewAction } from './preview';
import { createUpdateAction } from './update';
import { createWaitAction } from './wait';

/** Makes every action of Berth from `berth.baseUrl` and `berth.token`. */
export function createBerthActions(config: Config) {
  return [
    createCreateAction(config),
    createPreviewAction(config),
    createUpdateAction(config),
    createExtendAction(config),
    createDestroyAction(config),
    createApproveAction(config),
    createWaitAction(config),
    createOutputsAction(config),
  ];
}
