import type { HttpAuthService, UserInfoService } from '@backstage/backend-plugin-api';
import { BerthClient, BerthError, type GroupNames, groupOf } from '@berth/backstage-plugin-berth-common';
import express, { type Request, type Response, Router } from 'express';
import { forward } from './forward';

export interface RouterOptions {
  /** Berth's address without a slash at its end. */
  baseUrl: string;
  token?: string;
  groups: GroupNames;
  httpAuth: HttpAuthService;
  userInfo: UserInfoService;
}

/** What the card and the page read; whatever else Berth can do is not reached from here. */
const ENVIRONMENT = '/v1/environments/:id(env_[0-9a-f]+)';
const OPERATION = '/v1/operations/:id(op_[0-9a-f]+)';
const READ = [
  '/v1/environments',
  ENVIRONMENT,
  `${ENVIRONMENT}/outputs`,
  `${ENVIRONMENT}/operations`,
  `${ENVIRONMENT}/drift`,
  OPERATION,
  `${OPERATION}/events`,
];
const MAX_BODY = '10kb';

/** Makes the routes: who is signed in may read, and who is of an environment's team may let it live longer. */
export function createRouter(options: RouterOptions): Router {
  const { baseUrl, token, groups, httpAuth, userInfo } = options;
  const clientOf = (user: string) => new BerthClient({ baseUrl, token, onBehalfOf: user });
  const identify = async (request: Request) => {
    const credentials = await httpAuth.credentials(request, { allow: ['user'] });
    return { user: credentials.principal.userEntityRef, credentials };
  };

  async function read(request: Request, answer: Response) {
    const { user } = await identify(request);
    await forward(request, answer, { baseUrl, token, onBehalfOf: user });
  }

  async function extend(request: Request, answer: Response) {
    const { user, credentials } = await identify(request);
    const { team } = await clientOf(user).getEnvironment(request.params.id ?? '');
    const { ownershipEntityRefs } = await userInfo.getUserInfo(credentials);
    const group = groupOf(team, groups);
    if (!ownershipEntityRefs.includes(group)) {
      throw new BerthError({
        type: 'about:blank',
        title: 'Not a member of the team',
        status: 403,
        detail: `only members of ${group} may let environments of ${team} live longer`,
        instance: request.originalUrl,
        code: 'not_of_the_team',
        retryable: false,
        request_id: '',
      });
    }
    await forward(request, answer, { baseUrl, token, onBehalfOf: user });
  }

  const router = Router();
  const catching =
    (handle: (request: Request, answer: Response) => Promise<void>): express.RequestHandler =>
    (request, answer, next) =>
      void handle(request, answer).catch((error: unknown) => {
        if (error instanceof BerthError) answer.status(error.status).type('application/problem+json').json(error.problem);
        else next(error);
      });
  router.get(READ, catching(read));
  router.post(`${ENVIRONMENT}/extend`, express.text({ type: () => true, limit: MAX_BODY }), catching(extend));
  return router;
}
