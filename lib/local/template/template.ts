import * as z from 'zod';

const Bag = z.record(z.string(), z.unknown());

const TemplateResource = z.object({
  Type: z.string(),
  Properties: Bag.default({}),
  Metadata: Bag.default({}),
  Condition: z.string().optional(),
});

/** The parts of a CloudFormation template that the local run reads. */
export const Template = z.object({
  Resources: z.record(z.string(), TemplateResource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});
export type Template = z.infer<typeof Template>;
export type TemplateResource = z.infer<typeof TemplateResource>;
