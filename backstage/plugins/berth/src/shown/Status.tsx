import { Flex, Text } from '@backstage/ui';

type Tone = 'success' | 'warning' | 'danger' | 'info';

const TONES: Record<string, Tone> = {
  ready: 'success',
  succeeded: 'success',
  failed: 'danger',
  interrupted: 'danger',
  destroy_failed: 'danger',
  rejected: 'danger',
  expired: 'danger',
  awaiting_approval: 'warning',
  pending: 'warning',
  cancelled: 'warning',
};

/** A state of an environment or an operation: its word, and a dot of the colour that goes with it. */
export function Status({ state, note }: { state: string; note?: string }) {
  const tone = TONES[state] ?? 'info';
  return (
    <Flex align="center" gap="2" style={{ display: 'inline-flex', whiteSpace: 'nowrap' }}>
      <span
        aria-hidden
        style={{ width: 8, height: 8, flex: 'none', borderRadius: '50%', background: `var(--bui-fg-${tone})` }}
      />
      <Text as="span" variant="body-medium">
        {words(state)}
        {note ? `, ${note}` : ''}
      </Text>
    </Flex>
  );
}

/** Writes a name of the API's as people do: `awaiting_approval` becomes `awaiting approval`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}
