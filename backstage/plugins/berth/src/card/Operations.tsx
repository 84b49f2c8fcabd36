import { Flex, Text } from '@backstage/ui';
import type { Operation } from '@berth/backstage-plugin-berth-common';
import { Status, words } from '../shown/Status';
import { fromNow, inFull } from '../shown/times';
import { LiveEvents } from './LiveEvents';
import { Section } from './Section';

interface OperationsProps {
  operations: readonly Operation[];
  current?: Operation;
  onChange: () => void;
}

/** The newest operations; what goes on now is followed as it happens. */
export function Operations({ operations, current, onChange }: OperationsProps) {
  return (
    <Section title="Operations">
      {current && <LiveEvents key={current.id} operation={current} onChange={onChange} />}
      <Flex direction="column" gap="1" role="list">
        {operations.map(operation => (
          <Line key={operation.id} operation={operation} />
        ))}
      </Flex>
    </Section>
  );
}

function Line({ operation }: { operation: Operation }) {
  const { kind, state, created_at: at, created_by: by, failure } = operation;
  return (
    <Flex direction="column" gap="0.5" role="listitem">
      <div style={{ display: 'grid', gridTemplateColumns: '9rem 11rem 1fr', columnGap: '1rem', alignItems: 'baseline' }}>
        <Text variant="body-medium">{words(kind)}</Text>
        <Status state={state} />
        <Text variant="body-small" color="secondary">
          <time dateTime={at} title={inFull(at)}>
            {fromNow(at)}
          </time>{' '}
          by {by}
          {changesOf(operation)}
        </Text>
      </div>
      {failure && (
        <Text variant="body-small" color="danger">
          {failure.message}
        </Text>
      )}
    </Flex>
  );
}

function changesOf({ kind, changes }: Operation): string {
  if (!changes) return '';
  const { create, update, replace, delete: deleted } = changes;
  const told: [count: number, planned: string, done: string][] = [
    [create, 'create', 'created'],
    [update, 'update', 'updated'],
    [replace, 'replace', 'replaced'],
    [deleted, 'delete', 'deleted'],
  ];
  const parts = told
    .filter(([count]) => count)
    .map(([count, planned, done]) => (kind === 'preview' ? `${count} to ${planned}` : `${count} ${done}`));
  return parts.length ? `: ${parts.join(', ')}` : '';
}
