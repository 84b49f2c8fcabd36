import { Alert, Button } from '@backstage/ui';
import { BerthError } from '@berth/backstage-plugin-berth-common';

/** Says what could not be done, in Berth's words, and offers to try again. */
export function Problem({ title, error, onRetry }: { title: string; error: Error; onRetry?: () => void }) {
  const isBerths = error instanceof BerthError && error.code !== 'unexpected_answer';
  const hint = isBerths && error.problem.hint ? ` (${error.problem.hint})` : '';
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={title}
      description={isBerths ? `${error.problem.detail}${hint}` : error.message}
      customActions={
        onRetry && (
          <Button size="small" variant="secondary" onPress={onRetry}>
            Try again
          </Button>
        )
      }
    />
  );
}
