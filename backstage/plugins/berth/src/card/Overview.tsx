import { Flex, Text } from '@backstage/ui';
import type { Environment } from '@berth/backstage-plugin-berth-common';
import { type ReactNode, useState } from 'react';
import { Problem } from '../shown/Problem';
import { fromNow, inFull } from '../shown/times';
import { Extend } from './Extend';

/** What an environment is, and how long it lives. */
export function Overview({ environment, onChange }: { environment: Environment; onChange: () => void }) {
  const { expires_at: expiresAt } = environment;
  const [error, setError] = useState<Error>();
  return (
    <Flex direction="column" gap="3">
      <Flex gap="6" align="start" style={{ flexWrap: 'wrap', rowGap: 'var(--bui-space-3)' }}>
        <Fact label="Team">{environment.team}</Fact>
        <Fact label="Runs on">
          {environment.orchestrator.toUpperCase()} in {environment.region}
        </Fact>
        <Fact label="Class">
          {environment.class}
          {environment.protected ? ', protected' : ''}
        </Fact>
        <Fact label="Made">
          {fromNow(environment.created_at)} by {environment.created_by}
        </Fact>
        {!expiresAt && <Fact label="Lives">until it is destroyed</Fact>}
        {expiresAt && (
          <Flex align="end" gap="3">
            <Fact label="Lives">
              <time dateTime={expiresAt} title={inFull(expiresAt)}>
                until {inFull(expiresAt)}, {fromNow(expiresAt)}
              </time>
            </Fact>
            <Extend environment={environment} onChange={onChange} onError={setError} />
          </Flex>
        )}
      </Flex>
      {error && <Problem title="It was not extended" error={error} />}
    </Flex>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Flex direction="column" gap="0.5">
      <Text variant="body-small" color="secondary">
        {label}
      </Text>
      <Text variant="body-medium">{children}</Text>
    </Flex>
  );
}
