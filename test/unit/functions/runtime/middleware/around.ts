import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { lambda } from '../../../../../functions/runtime/lambda.ts';
import type { HttpContext, HttpMiddleware } from '../../../../../functions/runtime/middleware/http-middleware.ts';
import { httpEvent, lambdaContext } from '../../../../fakes/http-event.ts';

type Handler = (event: APIGatewayProxyEventV2, context: HttpContext) => Promise<APIGatewayProxyStructuredResultV2>;

/** Calls a handler through some middlewares. */
export const through = (
  middlewares: readonly HttpMiddleware[],
  handler: Handler,
  event = httpEvent(),
  context: HttpContext = lambdaContext(),
): Promise<APIGatewayProxyStructuredResultV2> =>
  lambda<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, HttpContext>()
    .use([...middlewares])
    .handler(handler)(event, context);
