import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { lambda } from './lambda.ts';
import { correlation } from './middleware/correlation.ts';
import { errors } from './middleware/errors.ts';
import { headers } from './middleware/headers.ts';
import type { HttpContext } from './middleware/http-middleware.ts';
import { type Reply, resultOf } from './rest/reply.ts';

/** What is around every HTTP handler that checks no role: the first of the middlewares that `api` has around its routes. */
export const http = (answer: (event: APIGatewayProxyEventV2) => Promise<Reply>) =>
  lambda<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, HttpContext>()
    .use([correlation(requestId), headers(), errors()])
    .handler(async (event) => resultOf(await answer(event)));

/** API Gateway's id of a request, which its caller sees as `X-Request-Id`. */
export const requestId = ({ requestContext }: APIGatewayProxyEventV2): string => requestContext.requestId;
