import { Text } from '@backstage/ui';
import type { DriftReport } from '@berth/backstage-plugin-berth-common';
import { fromNow } from '../shown/times';
import { Section } from './Section';

/** What the newest look at the cloud found to stand otherwise than it was recorded. */
export function Drift({ report }: { report?: DriftReport }) {
  const note = report && (
    <Text variant="body-small" color="secondary">
      looked at {fromNow(report.checked_at)}
    </Text>
  );
  return (
    <Section title="Drift" note={note}>
      {!report && <Text color="secondary">Nobody has looked yet.</Text>}
      {report && !report.is_drifted && <Text>All stands as it was recorded.</Text>}
      {report?.resources.map(one => (
        <div key={one.urn} style={{ overflowWrap: 'anywhere' }}>
          <Text variant="body-medium">{`${one.resource_type} ${one.name}: `}</Text>
          <Text variant="body-medium" color="warning">
            {one.is_gone ? 'is gone' : one.properties.map(property => property.path).join(', ')}
          </Text>
        </div>
      ))}
    </Section>
  );
}
