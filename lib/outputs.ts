/** The stack outputs that an operator needs, by name. */
export type Outputs = Readonly<Record<string, { readonly value: string; readonly description: string }>>;
