import * as z from 'zod';

const Texts = z.record(z.string(), z.string());

/** Where the stack is that files share, as `LocalStack` names it. */
export const Provided = z.object({
  url: z.string(),
  webhookUrl: z.string(),
  dynamodbEndpoint: z.string(),
  cognitoEndpoint: z.string(),
  tokenUrl: z.string(),
  machineClients: z.array(z.object({ name: z.string(), id: z.string(), secret: z.string() })),
  logFiles: Texts,
  outputs: Texts,
  dataDir: z.string(),
  sandboxUrl: z.string(),
  apiKey: z.string(),
  /** Takes an `Order` a request. */
  ordersUrl: z.string(),
});
export type Provided = z.infer<typeof Provided>;

const User = z.object({
  email: z.string(),
  password: z.string(),
  groups: z.array(z.string()).exactOptional(),
  challenge: z.string().exactOptional(),
});

/** What only the process that runs the stack can do. */
export const Order = z.union([z.object({ user: User }), z.object({ invoke: z.string(), event: z.unknown() })]);
export type Order = z.input<typeof Order>;

declare module 'vitest' {
  interface ProvidedContext {
    /** The cloud assembly of the app, as the local run synthesizes it. */
    assembly: string;
    /** The functions' bundles, for a synthesis of the app with another context. */
    bundles: string;
    shared: Provided;
  }
}
