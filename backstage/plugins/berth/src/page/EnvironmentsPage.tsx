import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { Box, Container, Flex, Select, Skeleton, Text } from '@backstage/ui';
import { useSearchParams } from 'react-router-dom';
import { berthApiRef } from '../api';
import { Problem } from '../shown/Problem';
import { useLoaded } from '../shown/useLoaded';
import { EnvironmentsTable } from './EnvironmentsTable';
import { type Listed, readListed, teamsOf } from './listed';

const ALL = '*';

/** Lists the environments of a team; at first of one that the reader is in. */
export function EnvironmentsPage() {
  const berth = useApi(berthApiRef);
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  const [query, setQuery] = useSearchParams();
  const { value, error, reload } = useLoaded('environments', async signal => readListed(await berth.client(), catalog, identity, signal));

  return (
    <Container py="4">
      {error && <Problem title="The environments could not be read" error={error} onRetry={reload} />}
      {!value && !error && <Waiting />}
      {value && (
        <TeamsEnvironments
          listed={value}
          team={query.get('team') ?? value.ownTeam ?? ALL}
          onTeam={team => setQuery({ team }, { replace: true })}
        />
      )}
    </Container>
  );
}

interface TeamsEnvironmentsProps {
  listed: Listed;
  team: string;
  onTeam: (team: string) => void;
}

function TeamsEnvironments({ listed, team, onTeam }: TeamsEnvironmentsProps) {
  const rows = listed.rows.filter(row => team === ALL || row.team === team);
  const options = [{ value: ALL, label: 'All teams' }, ...teamsOf(listed, team, ALL).map(one => ({ value: one, label: one }))];
  return (
    <Flex direction="column" gap="4">
      <Flex align="end" justify="between">
        <Box width="16rem">
          <Select label="Team" options={options} value={team} onChange={chosen => onTeam(String(chosen))} />
        </Box>
        <Text color="secondary">{rows.length === 1 ? 'One environment' : `${rows.length} environments`}</Text>
      </Flex>
      <EnvironmentsTable rows={rows} isOfOneTeam={team !== ALL} key={team} />
    </Flex>
  );
}

function Waiting() {
  return (
    <Flex direction="column" gap="3" role="status" aria-label="Reading the environments">
      <Skeleton width="14rem" height={40} />
      <Skeleton height={28} />
      <Skeleton height={28} />
      <Skeleton height={28} />
    </Flex>
  );
}
