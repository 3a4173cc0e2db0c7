import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { type HttpHandler, HttpResponse } from '@smithy/core/protocols';

/** What the engine's check of a request reads. It checks the form of a signature, not the signature. */
const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none',
  'x-amz-date': 'now',
};
const signer = {
  sign: async <R extends { headers: Record<string, string> }>(request: R) =>
    Object.assign(request, { headers: { ...request.headers, ...SIGNED } }),
};

/**
 * The configuration of an SDK client whose requests a server of this process answers without a connection. The SDK
 * and the server do the same work as over HTTP, in a third of the time.
 * @param server one that reads a request's method, path, headers and body, and answers with a text.
 */
export function inProcess(server: Server): DynamoDBClientConfig {
  const answered = (method: string, url: string, sent: Record<string, string>, body: Uint8Array) =>
    new Promise<HttpResponse>((resolve) => {
      const request = Object.assign(new EventEmitter(), { method, url, headers: sent });
      const headers: Record<string, string> = {};
      const response = {
        statusCode: 200,
        setHeader(name: string, value: unknown) {
          headers[name.toLowerCase()] = String(value);
        },
        end(text = '') {
          resolve(new HttpResponse({ statusCode: response.statusCode, headers, body: new TextEncoder().encode(text) }));
        },
      };
      server.emit('request', request, response);
      // The SDK's body warns where it is used as a text.
      request.emit('data', Buffer.from(body.buffer, body.byteOffset, body.byteLength));
      request.emit('end');
    });
  const requestHandler: HttpHandler<object> = {
    async handle({ method, path, headers, body }, { abortSignal } = {}) {
      const signal = abortSignal as AbortSignal | undefined;
      signal?.throwIfAborted();
      const answer = answered(method, path, headers, body);
      const aborted = signal && once(signal, 'abort').then(() => signal.throwIfAborted());
      await Promise.race(aborted ? [answer, aborted] : [answer]);
      return { response: await answer };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  return { endpoint: 'http://in-process', requestHandler, signer };
}
