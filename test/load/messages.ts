import * as z from 'zod';

/** What the process of the local stack is told: where to run what, and beside which AnyCheck. */
export const Order = z.object({
  assembly: z.string(),
  dataDir: z.string(),
  anycheckBaseUrl: z.string(),
  anycheckCredentials: z.object({ apiKey: z.string() }),
  sweepSeconds: z.number(),
  users: z.array(z.object({ email: z.string(), password: z.string(), groups: z.array(z.string()) })),
});
export type Order = z.output<typeof Order>;

/** What it says when it is ready. */
export const Ready = z.object({ url: z.string(), dynamodbEndpoint: z.string(), tableName: z.string() });
export type Ready = z.output<typeof Ready>;

/** Bytes: of the whole process with all its functions, and of its own heap after a collection. */
export const Memory = z.object({ resident: z.number(), heap: z.number() });
export type Memory = z.output<typeof Memory>;
