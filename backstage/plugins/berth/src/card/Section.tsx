import { Flex, Text } from '@backstage/ui';
import type { ReactNode } from 'react';

/** A part of the card under a heading of its own. */
export function Section({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <Flex direction="column" gap="2" role="group" aria-label={title}>
      <Flex justify="between" align="baseline">
        <Text as="h4" variant="body-medium" weight="bold">
          {title}
        </Text>
        {note}
      </Flex>
      {children}
    </Flex>
  );
}
