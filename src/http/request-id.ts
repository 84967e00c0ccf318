import type { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Ids } from '../kernel/ids.ts';

/** Gives every answer an id before anything can go wrong with it, under the names of both vendors. */
export const assignRequestId =
  (ids: Ids): RequestHandler =>
  (_request, response, next) => {
    const id = ids.request();
    response.setHeader('x-request-id', id);
    response.setHeader('request-id', id);
    next();
  };

/** The id of this answer. */
export const requestIdOf = (response: ServerResponse): string => String(response.getHeader('x-request-id'));
