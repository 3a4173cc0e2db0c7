import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { lambda } from './lambda.ts';
import { correlation } from './middleware/correlation.ts';
import { errors } from './middleware/errors.ts';
import { headers } from './middleware/headers.ts';
import type { HttpContext } from './middleware/http-middleware.ts';
import { type Reply, resultOf } from './rest/reply.ts';

/** The middleware stack of HTTP handlers that check no role: the outer middlewares of the stack that `api` uses. */
export const http = (answer: (event: APIGatewayProxyEventV2) => Promise<Reply>) =>
  lambda<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, HttpContext>()
    .use([correlation(requestId), headers(), errors()])
    .handler(async (event) => resultOf(await answer(event)));

/** API Gateway's id of a request. The caller receives it as `X-Request-Id`. */
export const requestId = ({ requestContext }: APIGatewayProxyEventV2): string => requestContext.requestId;
