/** A media type of the document, with its example where there is one. */
export const content = (schema: object, example: unknown): object => ({
  schema,
  ...(example !== undefined && { example }),
});
