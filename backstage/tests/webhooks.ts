/** An endpoint that Berth sends a team's events to. */
export interface Subscription {
  secret: string;
  /** Says where it is: what is sent before goes nowhere. */
  sendTo(url: string): Promise<void>;
}

/** Has Berth tell of a team's environments; the secret is known before the receiver has to be there. */
export async function subscribe(berthUrl: string, team: string): Promise<Subscription> {
  const nowhere = 'http://127.0.0.1:9/';
  const { id, secret } = await call<{ id: string; secret: string }>(`${berthUrl}/v1/webhooks`, 'POST', {
    url: nowhere,
    team,
  });
  return {
    secret,
    sendTo: async url => void (await call(`${berthUrl}/v1/webhooks/${id}`, 'PATCH', { url })),
  };
}

async function call<T>(url: string, method: string, body: unknown): Promise<T> {
  const answer = await fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
