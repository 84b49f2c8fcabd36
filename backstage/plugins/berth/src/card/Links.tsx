import { Flex, Link } from '@backstage/ui';
import type { Output } from '@berth/backstage-plugin-berth-common';
import { words } from '../shown/Status';
import { isObject, isUrl } from '../shown/values';
import { Section } from './Section';

/** The pages of AWS's console for what stands. */
export function Links({ outputs }: { outputs: readonly Output[] }) {
  const value = outputs.find(({ name }) => name === 'console_links')?.value;
  const links = Object.entries(isObject(value) ? value : {}).filter((link): link is [string, string] => isUrl(link[1]));
  if (links.length === 0) return null;
  return (
    <Section title="In AWS's console">
      <Flex gap="4" style={{ flexWrap: 'wrap' }}>
        {links.map(([label, url]) => (
          <Link key={label} href={url} target="_blank" rel="noopener noreferrer">
            {words(label)}
          </Link>
        ))}
      </Flex>
    </Section>
  );
}
