import { useApi } from '@backstage/frontend-plugin-api';
import { Button, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import type { Environment } from '@berth/backstage-plugin-berth-common';
import { useState } from 'react';
import { berthApiRef } from '../api';

const CHOICES = [
  { ttl: 'P1D', label: 'a day' },
  { ttl: 'P3D', label: 'three days' },
  { ttl: 'P7D', label: 'a week' },
  { ttl: 'P30D', label: '30 days' },
];

interface ExtendProps {
  environment: Environment;
  onChange: () => void;
  /** Told what went wrong, and when that is over. */
  onError: (error?: Error) => void;
}

/** Lets an environment live longer, counted from now. */
export function Extend({ environment, onChange, onError }: ExtendProps) {
  const berth = useApi(berthApiRef);
  const [isPending, setPending] = useState(false);

  async function extend(ttl: string) {
    setPending(true);
    onError(undefined);
    try {
      const client = await berth.client();
      await client.extendEnvironment(environment.id, ttl);
      onChange();
    } catch (reason) {
      onError(reason as Error);
    } finally {
      setPending(false);
    }
  }

  return (
    <MenuTrigger>
      <Button size="small" variant="secondary" isPending={isPending}>
        Extend
      </Button>
      <Menu aria-label="How long it lives from now on" onAction={ttl => void extend(String(ttl))}>
        {CHOICES.map(({ ttl, label }) => (
          <MenuItem key={ttl} id={ttl}>
            {`For ${label} from now`}
          </MenuItem>
        ))}
      </Menu>
    </MenuTrigger>
  );
}
