import { useApi } from '@backstage/frontend-plugin-api';
import { Box, Flex, Text } from '@backstage/ui';
import { followOperation, type Operation, type RecordedEvent } from '@berth/backstage-plugin-berth-common';
import { useEffect, useRef, useState } from 'react';
import { berthApiRef } from '../api';
import { words } from '../shown/Status';

const LINES_SHOWN = 6;

interface Told {
  state: string;
  lines: { id: number; text: string; isBad: boolean }[];
  done: number;
  problem?: string;
}

/** Follows an operation to its end, and tells of each change of its state. A lost connection is taken up again behind the last event that came. */
export function LiveEvents({ operation, onChange }: { operation: Operation; onChange: () => void }) {
  const berth = useApi(berthApiRef);
  const [told, setTold] = useState<Told>({ state: operation.state, lines: [], done: 0 });
  const latest = useRef({ onChange, state: operation.state });
  latest.current = { onChange, state: operation.state };

  useEffect(() => {
    const gone = new AbortController();
    const say = (problem?: string) => setTold(before => ({ ...before, problem }));
    async function follow() {
      const onLost = () => say('The connection was lost; trying again');
      for await (const event of followOperation(await berth.client(), operation.id, { signal: gone.signal, onLost })) {
        if (!('payload' in event)) break;
        setTold(before => after(before, event));
        const { payload } = event;
        if (payload.type === 'state_changed' && payload.state !== latest.current.state) latest.current.onChange();
      }
      latest.current.onChange();
    }
    follow().catch((error: unknown) => {
      if (!gone.signal.aborted) say(`The events cannot be followed: ${error instanceof Error ? error.message : error}`);
    });
    return () => gone.abort();
  }, [berth, operation.id]);

  return (
    <Box p="3" bg="neutral" style={{ borderRadius: 'var(--bui-radius-3)' }}>
      <Flex direction="column" gap="1" role="log" aria-label={`What the ${words(operation.kind)} does`}>
        <Text variant="body-small" color="secondary">
          {`This ${words(operation.kind)} is ${words(told.state)}${told.done ? `: ${told.done} resources done` : ''}`}
        </Text>
        {told.lines.map(({ id, text, isBad }) => (
          <Text key={id} variant="body-small" color={isBad ? 'danger' : 'primary'} truncate>
            {text}
          </Text>
        ))}
        {told.problem && (
          <Text variant="body-small" color="warning">
            {told.problem}
          </Text>
        )}
      </Flex>
    </Box>
  );
}

function after(before: Told, event: RecordedEvent): Told {
  const { payload } = event;
  const done = before.done + (payload.type === 'resource_finished' && payload.action !== 'same' ? 1 : 0);
  const state = payload.type === 'state_changed' ? payload.state : before.state;
  const text = describe(event);
  if (!text) return { state, lines: before.lines, done };
  const isBad = payload.type === 'resource_failed' || payload.type === 'diagnostic';
  return { state, lines: [...before.lines, { id: event.id, text, isBad }].slice(-LINES_SHOWN), done };
}

function describe({ payload }: RecordedEvent): string | undefined {
  switch (payload.type) {
    case 'state_changed':
      return payload.message ? `${words(payload.state)}: ${payload.message}` : words(payload.state);
    case 'resource_finished':
      return payload.action === 'same' ? undefined : `${payload.action} ${payload.resource_type} ${payload.name}`;
    case 'resource_failed':
      return `failed to ${payload.action} ${payload.resource_type} ${payload.name}`;
    case 'diagnostic':
      return payload.severity === 'error' ? payload.message : undefined;
    default:
      return undefined;
  }
}
