import { useCallback, useEffect, useRef, useState } from 'react';

/** What has been read so far; a failed reading anew leaves the value that was there. */
export interface Loaded<T> {
  value?: T;
  error?: Error;
  reload: () => void;
}

/** Reads something now, whenever `key` changes, and whenever it is asked to. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<{ key: string; value?: T; error?: Error }>({ key });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const reload = useCallback(() => setTurn(one => one + 1), []);

  useEffect(() => {
    const gone = new AbortController();
    const keep = (change: { value?: T; error?: Error }) => {
      if (gone.signal.aborted) return;
      setLoaded(before => ({ value: before.key === key ? before.value : undefined, ...change, key }));
    };
    latest.current(gone.signal).then(
      value => keep({ value, error: undefined }),
      (error: unknown) => keep({ error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => gone.abort();
  }, [key, turn]);

  return { ...(loaded.key === key ? { value: loaded.value, error: loaded.error } : {}), reload };
}
