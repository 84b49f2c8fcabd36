import { useApi } from '@backstage/frontend-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { Flex, Skeleton } from '@backstage/ui';
import { type BerthClient, ENVIRONMENT_ID_ANNOTATION, hasEnded } from '@berth/backstage-plugin-berth-common';
import { useEffect } from 'react';
import { berthApiRef } from '../api';
import { Problem } from '../shown/Problem';
import { Status } from '../shown/Status';
import { useLoaded } from '../shown/useLoaded';
import { Drift } from './Drift';
import { Links } from './Links';
import { Operations } from './Operations';
import { Outputs } from './Outputs';
import { Overview } from './Overview';

const OPERATIONS_SHOWN = 5;
const LOOK_EVERY_MS = 15_000;

/** Shows the environment that an entity stands for, as it is now. */
export function EnvironmentCard() {
  const { entity } = useEntity();
  const id = entity.metadata.annotations?.[ENVIRONMENT_ID_ANNOTATION] ?? '';
  const berth = useApi(berthApiRef);
  const { value: shown, error, reload } = useLoaded(id, async signal => read(await berth.client(), id, signal));

  useEffect(() => {
    const timer = setInterval(reload, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);

  if (!shown) {
    return (
      <EntityInfoCard title="Environment">
        {error ? <Problem title="The environment could not be read" error={error} onRetry={reload} /> : <Waiting />}
      </EntityInfoCard>
    );
  }
  const { environment, outputs, operations, drift } = shown;
  const current = operations.find(one => !hasEnded(one.state));
  return (
    <EntityInfoCard
      title="Environment"
      headerActions={<Status state={environment.status} note={environment.paused ? 'paused' : undefined} />}
    >
      <Flex direction="column" gap="5">
        {error && <Problem title="What is shown may be old" error={error} onRetry={reload} />}
        <Overview environment={environment} onChange={reload} />
        <Operations operations={operations} current={current} onChange={reload} />
        <Outputs outputs={outputs} />
        <Drift report={drift} />
        <Links outputs={outputs.items} />
      </Flex>
    </EntityInfoCard>
  );
}

async function read(client: BerthClient, id: string, signal: AbortSignal) {
  const [environment, outputs, operations, drift] = await Promise.all([
    client.getEnvironment(id, { signal }),
    client.listOutputs(id, { signal }),
    client.listOperations(id, OPERATIONS_SHOWN, { signal }),
    client.getNewestDrift(id, { signal }),
  ]);
  return { environment, outputs, operations, drift };
}

function Waiting() {
  return (
    <Flex direction="column" gap="3" role="status" aria-label="Reading the environment">
      {['60%', '90%', '75%', '85%'].map(width => (
        <Skeleton key={width} width={width} height={20} />
      ))}
    </Flex>
  );
}
