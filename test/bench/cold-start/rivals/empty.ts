/** What any function pays: the handler of which everything else is a multiple. */
export const handler = async () => ({ statusCode: 200, body: '' });
