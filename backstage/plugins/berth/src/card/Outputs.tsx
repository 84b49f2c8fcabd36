import { Button, Flex, Link, Text } from '@backstage/ui';
import type { Output, OutputList } from '@berth/backstage-plugin-berth-common';
import { useState } from 'react';
import { words } from '../shown/Status';
import { isObject, isUrl } from '../shown/values';
import { Section } from './Section';

const SHOWN_AT_FIRST = 5;
const MASK = '••••••••';

/** What an environment gives to the world. Secrets are masked: Berth itself hands none out here. */
export function Outputs({ outputs }: { outputs: OutputList }) {
  const [isOpen, setOpen] = useState(false);
  const items = outputs.items.filter(({ name, value }) => name !== 'console_links' && !isEmpty(value)).sort(byUse);
  const shown = isOpen ? items : items.slice(0, SHOWN_AT_FIRST);
  const age = outputs.is_stale && (
    <Text variant="body-small" color="warning">
      from before the last operation failed
    </Text>
  );
  return (
    <Section title="Outputs" note={age}>
      {items.length === 0 && <Text color="secondary">None yet: they come with the first deploy.</Text>}
      <dl style={{ display: 'grid', gridTemplateColumns: 'minmax(9rem, max-content) 1fr', gap: '0.375rem 1rem', margin: 0 }}>
        {shown.map(output => (
          <Line key={output.name} output={output} />
        ))}
      </dl>
      {items.length > SHOWN_AT_FIRST && (
        <Flex>
          <Button size="small" variant="tertiary" onPress={() => setOpen(!isOpen)}>
            {isOpen ? 'Show fewer' : `Show all ${items.length}`}
          </Button>
        </Flex>
      )}
    </Section>
  );
}

function Line({ output }: { output: Output }) {
  return (
    <>
      <Text as="span" variant="body-medium" color="secondary" style={{ display: 'contents' }}>
        <dt>{words(output.name)}</dt>
      </Text>
      <dd style={{ margin: 0, overflowWrap: 'anywhere', minWidth: 0 }}>
        <Value value={output.value} />
      </dd>
    </>
  );
}

function Value({ value }: { value: unknown }) {
  if (Array.isArray(value)) return value.map((one, index) => <div key={index}><Value value={one} /></div>);
  if (isObject(value)) {
    if (value.secret === true) return <span aria-label="a secret">{MASK}</span>;
    return Object.entries(value).map(([name, member]) => (
      <div key={name}>
        <Text color="secondary">{name}: </Text>
        <Value value={member} />
      </div>
    ));
  }
  if (isUrl(value)) {
    return (
      <Link href={value} target="_blank" rel="noopener noreferrer">
        {value}
      </Link>
    );
  }
  return <code>{String(value)}</code>;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Addresses first, then by name. */
function byUse(a: Output, b: Output): number {
  return Number(isUrl(b.value)) - Number(isUrl(a.value)) || a.name.localeCompare(b.name);
}
