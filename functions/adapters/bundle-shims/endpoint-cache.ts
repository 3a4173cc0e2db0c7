/**
 * Replaces `@aws-sdk/endpoint-cache` in the bundles. The DynamoDB client creates one and never uses it: no command of its
 * discovers endpoints.
 */
export class EndpointCache {}
