/** Makes the smallest request: one public container on Fargate. */
export function minimalRequest(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name,
    team: 'storefront',
    orchestrator: 'ecs',
    workloads: [{ name: 'web', image: 'public.ecr.aws/nginx/nginx:1.27', ports: [{ port: 80 }], public: {} }],
    ...more,
  };
}
