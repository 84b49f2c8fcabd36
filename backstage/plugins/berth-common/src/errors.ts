import type { components } from './generated/api';

export type Problem = components['schemas']['Problem'];

/** What Berth answered instead of a result: RFC 9457 problem details. Decide by `code`. */
export class BerthError extends Error {
  readonly name = 'BerthError';

  constructor(readonly problem: Problem) {
    super(describe(problem));
  }

  /** Stable name of the problem, such as `environment_frozen`. */
  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }

  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return this.problem.retryable;
  }

  /** Makes an error of whatever a failed call answered; proxies on the way speak other than problem+json. */
  static of(status: number, body: unknown): BerthError {
    return new BerthError(isProblem(body) ? body : foreignProblem(status, body));
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

function foreignProblem(status: number, body: unknown): Problem {
  const detail = typeof body === 'string' && body ? body.slice(0, 500) : `the answer was ${status}`;
  return {
    type: 'about:blank',
    title: 'Not an answer of Berth',
    status,
    detail,
    instance: '',
    code: 'unexpected_answer',
    retryable: status >= 500 || status === 429,
    request_id: '',
    errors: [],
  };
}

function describe(problem: Problem): string {
  const places = (problem.errors ?? []).map(one => `${one.pointer || one.parameter || 'body'}: ${one.message}`);
  const hint = problem.hint ? [`(${problem.hint})`] : [];
  return [`${problem.code}: ${problem.detail}`, ...places, ...hint].join('\n');
}
