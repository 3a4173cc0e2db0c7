// The types of every call, from the OpenAPI document. `npm run generate-client` writes this file.

export interface paths {
    "/verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists a page of a group’s verifications from its snapshot, with AnyCheck’s own contract
         * @description Returns the stored snapshot at once, with its age in the header Age. A group without a snapshot is fetched from AnyCheck first, and tracked from then on. The parameters and the body are those of AnyCheck’s GET /verifications; snapshot_version and as_of select an earlier version.
         *
         *     Requires the role viewer at least.
         */
        get: operations["listVerifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists a page of a group’s verifications from its snapshot, with AnyCheck’s own contract: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role viewer at least.
         */
        head: operations["listVerificationsHead"];
        patch?: never;
        trace?: never;
    };
    "/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the tracked groups in the order of their last change
         * @description Lists the state of the tracked groups, without their content. To follow changes, list with order=oldest and continue from the last cursor.
         *
         *     Requires the role viewer at least.
         */
        get: operations["listGroups"];
        put?: never;
        /**
         * Tracks groups from now on
         * @description Tracks 1 to 100 groups: the service refreshes them from now on, and queues the first refresh of each new group. A group may be tracked before it is submitted to AnyCheck. The service drops it if AnyCheck does not know it within a day.
         *
         *     Requires the role operator at least.
         */
        post: operations["trackGroups"];
        delete?: never;
        options?: never;
        /**
         * Lists the tracked groups in the order of their last change: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role viewer at least.
         */
        head: operations["listGroupsHead"];
        patch?: never;
        trace?: never;
    };
    "/groups/{result_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns a tracked group
         * @description Returns the state of one tracked group, without its content. The call does not refresh the group.
         *
         *     Requires the role viewer at least.
         */
        get: operations["getGroup"];
        put?: never;
        post?: never;
        /**
         * Erases a group with all its versions
         * @description Erases a group with all its versions: reads return 404 from now on. The service deletes the stored data within 20 minutes, and does not call AnyCheck for the group until POST /groups tracks it again.
         *
         *     **Warning:** This deletes the content of all stored versions for ever. The data at AnyCheck stays.
         *
         *     Requires the role admin at least.
         */
        delete: operations["eraseGroup"];
        options?: never;
        /**
         * Returns a tracked group: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role viewer at least.
         */
        head: operations["getGroupHead"];
        patch?: never;
        trace?: never;
    };
    "/groups/{result_id}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Requests a refresh of a group now
         * @description Queues a refresh of a tracked group, and does not wait for it. Requests for the same group share one refresh, which begins after the last of them.
         *
         *     Requires the role operator at least.
         */
        post: operations["refreshGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{result_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the versions of a group, newest first, with what each changed
         * @description Lists the retained versions of a group, newest first: their status, how many verifications each version added, removed and changed, and every change of a status. It contains no content of verifications.
         *
         *     Requires the role viewer at least.
         */
        get: operations["groupHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists the versions of a group, newest first, with what each changed: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role viewer at least.
         */
        head: operations["groupHistoryHead"];
        patch?: never;
        trace?: never;
    };
    "/groups/{result_id}/statuses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the status of each verification of a version, without content
         * @description Lists the status of each verification of a retained version. It contains no content of verifications. With the transitions of the history, it makes a timeline of the group.
         *
         *     Requires the role viewer at least.
         */
        get: operations["groupStatuses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists the status of each verification of a version, without content: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role viewer at least.
         */
        head: operations["groupStatusesHead"];
        patch?: never;
        trace?: never;
    };
    "/groups/{result_id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compares two versions of a group, verification by verification
         * @description Compares two retained versions of a group, in either direction. Each changed verification has a JSON Patch (RFC 6902) from the one version to the other.
         *
         *     Requires the role viewer at least.
         */
        get: operations["diffGroup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Compares two versions of a group, verification by verification: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role viewer at least.
         */
        head: operations["diffGroupHead"];
        patch?: never;
        trace?: never;
    };
    "/groups/{result_id}/redact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redacts a group: removes personal data from its stored and future versions, irrevocably
         * @description Removes personal data from all stored and all future versions of a group. Statuses and times stay. Reads are redacted at once, and the stored data within 20 minutes.
         *
         *     **Warning:** This deletes most fields of all stored versions for ever, and of every later version. It cannot be undone.
         *
         *     Requires the role admin at least.
         */
        post: operations["redactGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logs a user in with email and password
         * @description Exchanges the email and the password of a user for an access token and a refresh token. The answer does not reveal whether an email has an account.
         *
         *     Requires no token.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trades a refresh token for new tokens
         * @description Exchanges a refresh token for a new access token and a new refresh token. The old refresh token does not work any more.
         *
         *     Requires no token.
         */
        post: operations["refreshTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns who the caller is, and the role of the caller
         * @description Returns the subject of the token, its role, and whether it is a token of a person. A page or a program learns from it which routes it may call.
         *
         *     Requires the role viewer at least.
         */
        get: operations["whoami"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns who the caller is, and the role of the caller: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role viewer at least.
         */
        head: operations["whoamiHead"];
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Checks that the service answers and can read its table
         * @description Reads the service’s table once, for a monitor without credentials. The call does not use AnyCheck.
         *
         *     Requires no token.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Checks that the service answers and can read its table: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires no token.
         */
        head: operations["healthHead"];
        patch?: never;
        trace?: never;
    };
    "/health/deep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the health of the service, part by part
         * @description Reports the table, AnyCheck, the oldest due group, the announcements, the dead letters and the last sweep. The report describes AnyCheck by the last calls to it, and makes no call.
         *
         *     Requires the role operator at least.
         */
        get: operations["deepHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns the health of the service, part by part: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role operator at least.
         */
        head: operations["deepHealthHead"];
        patch?: never;
        trace?: never;
    };
    "/webhooks/anycheck/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receives a webhook of AnyCheck and requests a refresh of the group that it names
         * @description Receives AnyCheck’s deliveries and queues a refresh of the group that the body names. The answer is the same for known and unknown groups. The service stores nothing of the body.
         *
         *     Requires no token.
         */
        post: operations["anycheckWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the webhook endpoints
         * @description Lists all webhook endpoints with their state. It shows neither the query of a URL nor a secret.
         *
         *     Requires the role operator at least.
         */
        get: operations["listWebhookEndpoints"];
        put?: never;
        /**
         * Registers a URL that receives events
         * @description Registers a URL to which the service delivers events from now on, as signed requests by the Standard Webhooks specification. The answer has the signing secret, which no later call returns. At most 50 endpoints can exist.
         *
         *     Requires the role admin at least.
         */
        post: operations["createWebhookEndpoint"];
        delete?: never;
        options?: never;
        /**
         * Lists the webhook endpoints: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role operator at least.
         */
        head: operations["listWebhookEndpointsHead"];
        patch?: never;
        trace?: never;
    };
    "/webhook-endpoints/{endpoint_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns a webhook endpoint, with counts of its deliveries
         * @description Returns one webhook endpoint, and how many deliveries of events of the last 24 hours have each status. The counts are made at the call, from at most 10,000 deliveries.
         *
         *     Requires the role operator at least.
         */
        get: operations["getWebhookEndpoint"];
        put?: never;
        post?: never;
        /**
         * Deletes a webhook endpoint
         * @description Deletes a webhook endpoint and cancels its pending deliveries.
         *
         *     **Warning:** This deletes the signing secrets and the log of deliveries of the endpoint for ever.
         *
         *     Requires the role admin at least.
         */
        delete: operations["deleteWebhookEndpoint"];
        options?: never;
        /**
         * Returns a webhook endpoint, with counts of its deliveries: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role operator at least.
         */
        head: operations["getWebhookEndpointHead"];
        /**
         * Changes, disables or enables a webhook endpoint
         * @description Changes the fields that the body names. A disabled endpoint receives nothing, and its pending deliveries become failed. Enabled again, it receives new events from then on; a recovery delivers the failed ones.
         *
         *     Requires the role admin at least.
         */
        patch: operations["updateWebhookEndpoint"];
        trace?: never;
    };
    "/webhook-endpoints/{endpoint_id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds a signing secret to a webhook endpoint, and ends the one before in 24 hours
         * @description Makes a new signing secret. It and the one before sign every delivery for 24 hours, so that a receiver can change over in between. At most four secrets sign at once.
         *
         *     Requires the role admin at least.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook-endpoints/{endpoint_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a test event to a webhook endpoint
         * @description Sends an event of the type ping, with the same checks and signature as a delivery, and waits for the answer. It is not retried, has no log, and also works while the endpoint is disabled.
         *
         *     Requires the role operator at least.
         */
        post: operations["testWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook-endpoints/{endpoint_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the deliveries to a webhook endpoint, newest first
         * @description Lists deliveries by the time of their event, with the last attempts of each. It contains ids, statuses and times, and neither the body nor the answer of the endpoint.
         *
         *     Requires the role operator at least.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists the deliveries to a webhook endpoint, newest first: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role operator at least.
         */
        head: operations["listWebhookDeliveriesHead"];
        patch?: never;
        trace?: never;
    };
    "/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delivers an event again
         * @description Queues one delivery again, whether it was delivered, failed or is pending. The request has the same id and the same body, so a receiver can recognize the repetition.
         *
         *     Requires the role operator at least.
         */
        post: operations["resendWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook-endpoints/{endpoint_id}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delivers every failed event since a time again
         * @description Delivers every failed event since a time again, up to 30 days back, oldest first. It runs in the background, one recovery of an endpoint at a time.
         *
         *     Requires the role operator at least.
         */
        post: operations["recoverWebhookDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the API keys
         * @description Lists all API keys, and the day on which each was last used. It shows no key.
         *
         *     Requires the role admin at least.
         *
         *     Only a person may call it: tokens of machines are refused.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Creates an API key
         * @description Creates an API key, which callers send as `X-API-Key` to the routes below `/key`. No later call returns the key. At most 200 keys can exist.
         *
         *     Requires the role admin at least.
         *
         *     Only a person may call it: tokens of machines are refused.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        /**
         * Lists the API keys: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires the role admin at least.
         *
         *     Only a person may call it: tokens of machines are refused.
         */
        head: operations["listApiKeysHead"];
        patch?: never;
        trace?: never;
    };
    "/api-keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives an API key a new secret and a new end, and ends the secret before in 24 hours
         * @description Makes a new secret of an API key, with the same id, name and role, and a new end. The key before stays valid for 24 hours by default, so that a program can change over. At most four are valid at once.
         *
         *     Requires the role admin at least.
         *
         *     Only a person may call it: tokens of machines are refused.
         */
        post: operations["rotateApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api-keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revokes an API key
         * @description Deletes an API key with all its secrets.
         *
         *     **Warning:** This deletes the key for ever. Every program that uses it is refused.
         *
         *     Requires the role admin at least.
         *
         *     Only a person may call it: tokens of machines are refused.
         */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the addresses of this deployment
         * @description Returns where this deployment has its description, its health, its data and, with a user pool, its login.
         *
         *     Requires no token.
         */
        get: operations["listAddresses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists the addresses of this deployment: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires no token.
         */
        head: operations["listAddressesHead"];
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns this OpenAPI document
         * @description Returns the OpenAPI 3.1 document of this deployment. It contains every route that the deployment has.
         *
         *     Requires no token.
         */
        get: operations["openapiDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns this OpenAPI document: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires no token.
         */
        head: operations["openapiDocumentHead"];
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns a page that shows this OpenAPI document
         * @description Returns an HTML page that shows the OpenAPI document and calls the routes from the browser. The page keeps a token for its tab only, and sends it to this host only.
         *
         *     Requires no token.
         */
        get: operations["docsPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns a page that shows this OpenAPI document: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires no token.
         */
        head: operations["docsPageHead"];
        patch?: never;
        trace?: never;
    };
    "/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns a file of the page
         * @description Returns a script or a style sheet of the page at /docs.
         *
         *     Requires no token.
         */
        get: operations["docsFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns a file of the page: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires no token.
         */
        head: operations["docsFileHead"];
        patch?: never;
        trace?: never;
    };
    "/console": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns a page that shows groups, health, webhooks and API keys
         * @description Returns an HTML page for people. It shows groups, their history, health, webhooks and API keys, and calls the routes of this API with the token of the person who logs in on it. It ignores query parameters, which hold the state of the page.
         *
         *     Requires no token.
         */
        get: operations["consolePage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns a page that shows groups, health, webhooks and API keys: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires no token.
         */
        head: operations["consolePageHead"];
        patch?: never;
        trace?: never;
    };
    "/console/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns a file of the page
         * @description Returns the script or the style sheet of the page at /console. Its name changes with its content.
         *
         *     Requires no token.
         */
        get: operations["consoleFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns a file of the page: the headers alone
         * @description Answers as GET does, with the same status and headers and without the body.
         *
         *     Requires no token.
         */
        head: operations["consoleFileHead"];
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "group.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A group has its first version
         * @description Sent for the first version of a group. It is also sent for the first version after an erasure, and for the first version of a group that the service had forgotten. `previous_version` and `previous_phase` are null.
         */
        post: operations["groupCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "group.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A group has a further version
         * @description Sent for each version after the first one: the content of the group changed. Renewed file links and a redaction make no version.
         */
        post: operations["groupUpdated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "group.settled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A group became settled
         * @description Sent beside `group.created` or `group.updated` of a version whose phase is settled, where the phase before was another one or there was none. The data are the same.
         */
        post: operations["groupSettled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "group.reopened": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A group is not settled any more
         * @description Sent beside `group.updated` of a version whose phase is not settled, where the phase before was settled. The data are the same.
         */
        post: operations["groupReopened"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "group.erased": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A group was erased
         * @description Sent after an admin erased the group, or after the service erased it at the end of its retention. It ends all versions up to `version`. Events of these versions that were not sent yet are not sent.
         */
        post: operations["groupErased"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "group.redacted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A group was redacted
         * @description Sent after the first redaction of a group. Reads of all its versions are redacted from then on. Later versions are announced as before.
         */
        post: operations["groupRedacted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        VerificationPage: {
            /** @description The number of verifications in the whole group. */
            total: number;
            overall_status: components["schemas"]["Status"] | null;
            items: components["schemas"]["Verification"][];
        };
        /**
         * @description The status of a verification, or of a whole group. Extensible enum: AnyCheck can add values.
         * @example IN_QUEUE
         * @example IN_PROGRESS
         * @example DRAFT
         * @example NEED_REVIEW
         * @example FRAUD_DETECTED
         * @example PARTIALLY_COMPLETED
         * @example PARTIALLY_FAILED
         * @example COMPLETED
         * @example FAILED
         * @example CANCELLED
         */
        Status: string;
        /** @description A verification as AnyCheck sent it. Any field but id can be missing or null, and AnyCheck can add fields. */
        Verification: {
            id: string;
            service?: components["schemas"]["VerificationService"] | null;
            user_id?: string | null;
            api_key?: string | null;
            folder_id?: string | null;
            result_id?: string | null;
            execution_time?: number | null;
            status?: components["schemas"]["Status"] | null;
            start_date?: string | null;
            end_date?: string | null;
            /** @description What the verification was asked to check. Its fields depend on the service. */
            input_config?: {
                [key: string]: unknown;
            } | null;
            /** @description Links to the files that were submitted. Its fields depend on the service. */
            input_file_url?: {
                [key: string]: unknown;
            } | null;
            /** @description What the verification found. Its fields depend on the service. */
            output?: {
                [key: string]: unknown;
            } | null;
            output_file_url?: string | null;
            output_status?: components["schemas"]["OutputStatus"] | null;
            external_job_id?: components["schemas"]["ExternalJobIds"] | null;
            webhook_url?: string | null;
            /** @description What the caller attached, without webhook_secret. Its fields depend on the service. */
            webhook_metadata?: {
                [key: string]: unknown;
            } | null;
            export_file_url?: string | null;
            credit_used?: number | null;
            total_files?: number | null;
            total_pages?: number | null;
            created_at?: string | null;
            updated_at?: string | null;
        } & {
            [key: string]: unknown;
        };
        VerificationService: {
            id?: string | null;
            name?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The result of a verification. Extensible enum: AnyCheck can add values.
         * @example VERIFIED
         * @example NOT_VERIFIED
         * @example PARTIALLY_NOT_VERIFIED
         */
        OutputStatus: string;
        ExternalJobIds: {
            ocr_job_id?: string[] | null;
            fraud_job_id?: string[] | null;
        } & {
            [key: string]: unknown;
        };
        Failure: {
            /** @enum {string} */
            error_code: "INVALID_REQUEST" | "INVALID_ID" | "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "INVALID_API_KEY" | "API_KEY_EXPIRED" | "FORBIDDEN" | "NOT_FOUND" | "QUOTA_EXCEEDED" | "INTERNAL_SERVER_ERROR";
            /** @description A sentence for people. Its wording can change. */
            message: string;
            /** @description The invalid fields, if there are any. The field "" is the whole body. */
            errors?: components["schemas"]["FieldError"][];
        };
        FieldError: {
            field: string;
            message: string;
        };
        GatewayFailure: {
            message: string;
        };
        TrackGroupsRequest: {
            result_ids: string[];
        };
        TrackGroupsAnswer: {
            /** @description The groups that were not tracked before. */
            accepted: string[];
            /** @description The groups that were tracked already. */
            known: string[];
        };
        GroupPage: {
            items: components["schemas"]["Group"][];
            /** @description The cursor of the next page; null at the end of the list. */
            next_cursor: string | null;
        };
        Group: {
            /**
             * Format: uuid
             * @description The id of a group: all verifications that share it.
             */
            result_id: string;
            /** @description The current version. Null before the first successful fetch. */
            version: number | null;
            phase: components["schemas"]["Phase"];
            overall_status: components["schemas"]["Status"] | null;
            total: number | null;
            /** @description How many verifications have each status. */
            status_counts: {
                [key: string]: number;
            };
            /** Format: date-time */
            first_seen: string;
            /** @description When the last refresh ended. The same as last_success if it succeeded. */
            last_attempt: string | null;
            /** @description When AnyCheck last confirmed the current version. */
            last_success: string | null;
            /**
             * Format: date-time
             * @description When the current version was published. Before the first version: first_seen.
             */
            last_change: string;
            /** @description The error of the last refresh. Null where it succeeded. */
            last_error: components["schemas"]["RefreshError"] | null;
            /** @description Since when refreshes fail for a reason that concerns this group alone. Null where the last one did not, and where AnyCheck does not know the group. */
            failing_since: string | null;
            /** @description Null where only a webhook or a reader requests the next refresh. */
            next_refresh: string | null;
            redacted: boolean;
        };
        /**
         * @description active: a machine will change the group. waiting: a person must act. settled: the group is complete.
         * @enum {string}
         */
        Phase: "active" | "waiting" | "settled";
        RefreshError: {
            code: string;
            /** Format: date-time */
            at: string;
            /** @description Consecutive failures. */
            failures: number;
        };
        Accepted: {
            /** @constant */
            accepted: true;
        };
        VersionPage: {
            items: components["schemas"]["GroupVersion"][];
            /** @description The cursor of the next page; null at the end of the list. */
            next_cursor: string | null;
        };
        GroupVersion: {
            version: number;
            /**
             * Format: date-time
             * @description When this version was published.
             */
            at: string;
            /**
             * Format: date-time
             * @description When AnyCheck last confirmed this version.
             */
            confirmed_until: string;
            overall_status: components["schemas"]["Status"] | null;
            phase: components["schemas"]["Phase"];
            total: number;
            /** @description The verifications whose status differs from the version before. */
            transitions: components["schemas"]["StatusTransition"][];
            added: number;
            removed: number;
            /** @description How many verifications have changed content, including their status. */
            changed: number;
        };
        StatusTransition: {
            verification_id: string;
            from: components["schemas"]["Status"] | null;
            to: components["schemas"]["Status"] | null;
        };
        VersionStatuses: {
            items: components["schemas"]["VerificationStatus"][];
        };
        VerificationStatus: {
            id: string;
            status: components["schemas"]["Status"] | null;
        };
        GroupDiff: {
            /** @description The version that the comparison starts from. */
            from: number;
            /** @description The version that the comparison leads to. */
            to: number;
            total: components["schemas"]["TotalChange"];
            overall_status: components["schemas"]["OverallStatusChange"];
            /** @description The verifications that differ. Removed ones come first, in the order of `from`. The others follow, in the order of `to`. Renewed links alone are no difference. */
            verifications: components["schemas"]["ChangedVerification"][];
        };
        TotalChange: {
            from: number;
            to: number;
        };
        OverallStatusChange: {
            from: components["schemas"]["Status"] | null;
            to: components["schemas"]["Status"] | null;
        };
        ChangedVerification: {
            verification_id: string;
            /** @enum {string} */
            change: "added" | "removed" | "moved" | "changed";
            /** @description The number of items before it in the earlier version. Null for an added verification. */
            from_index: number | null;
            /** @description The number of items before it in the later version. Null for a removed verification. */
            to_index: number | null;
            /** @description Present for a changed verification: whether it moved, too. */
            moved?: boolean;
            /** @description Present for a changed verification: a JSON Patch (RFC 6902) from the earlier to the later content. Numbers keep all digits. */
            patch?: components["schemas"]["PatchOperation"][];
        };
        PatchOperation: components["schemas"]["PatchSet"] | components["schemas"]["PatchRemove"];
        PatchSet: {
            /** @enum {string} */
            op: "add" | "replace";
            /** @description A JSON pointer (RFC 6901) into the verification. */
            path: string;
            value: unknown;
        };
        PatchRemove: {
            /** @constant */
            op: "remove";
            /** @description A JSON pointer (RFC 6901) into the verification. */
            path: string;
        };
        LoginRequest: {
            email: string;
            password: string;
        };
        Tokens: {
            /** @description The token for the Authorization header of all other calls, after "Bearer ". */
            access_token: string;
            /** @description POST /auth/refresh accepts it once, for new tokens. */
            refresh_token: string;
        };
        RefreshTokensRequest: {
            refresh_token: string;
        };
        WhoAmI: {
            /** @description The subject of the token, as audit lines name it. */
            who: string;
            /**
             * @description The highest role. It includes the lower ones.
             * @enum {string}
             */
            role: "viewer" | "operator" | "admin";
            /** @description Whether the caller may call the routes that are for people alone. */
            is_person: boolean;
        };
        Health: {
            /** @constant */
            status: "ok";
        };
        HealthReport: {
            /**
             * @description The status of the whole service. Failing: the service cannot read its table, or refreshes no group until an operator acts. Degraded: some groups wait, the service does not call AnyCheck at the moment, or a part is unknown.
             * @enum {string}
             */
            status: "ok" | "degraded" | "failing";
            table: components["schemas"]["TableHealth"];
            anycheck: components["schemas"]["AnyCheckHealth"];
            oldest_due: components["schemas"]["OldestDueHealth"];
            announcements: components["schemas"]["AnnouncementsHealth"];
            dead_letters: components["schemas"]["DeadLettersHealth"];
            webhooks: components["schemas"]["WebhooksHealth"];
            last_sweep: components["schemas"]["SweepHealth"];
        };
        TableHealth: {
            /**
             * @description Whether the service could read its table for this report.
             * @enum {string}
             */
            status: "ok" | "failing";
        };
        /** @description AnyCheck’s state as of the last calls. This report makes no call. */
        AnyCheckHealth: {
            /**
             * @description Unknown: the service could not read this part, so its other values are null.
             * @enum {string}
             */
            status: "ok" | "degraded" | "failing" | "unknown";
            /** @description Open: the service sends one probe in 10 s and no other call. */
            circuit: ("closed" | "open") | null;
            /** @description Why AnyCheck sends nothing usable: the reason of the last failed call. Null if the last call succeeded. */
            reason: ("NOT_FOUND" | "NO_CREDENTIALS" | "REFUSED" | "QUOTA_EXCEEDED" | "REJECTED" | "RATE_LIMITED" | "THROTTLED" | "UNAVAILABLE" | "TIMED_OUT" | "TOO_LARGE" | "MALFORMED" | "INCONSISTENT") | null;
            credentials_refused: boolean | null;
            /** @description The end of a pause of all calls, because of AnyCheck’s rate limit or Retry-After. */
            paused_until: string | null;
            /** @description The failed calls in a row, since the last successful one. */
            failures: number | null;
            /** @description The time of the first of these failures. */
            failing_since: string | null;
        };
        OldestDueHealth: {
            /**
             * @description Unknown: the service could not read this part, so its other values are null.
             * @enum {string}
             */
            status: "ok" | "degraded" | "failing" | "unknown";
            /** @description How late the oldest due group is; 0 if no group is due. */
            seconds_late: number | null;
        };
        AnnouncementsHealth: {
            /**
             * @description Degraded: a group waits longer than the schedule explains, or the event bus fails. The service refreshes and serves groups all the same.
             * @enum {string}
             */
            status: "ok" | "degraded" | "failing" | "unknown";
            /** @description How late the oldest group is that is due without a call to AnyCheck; 0 if none is. It is due to be announced, or to be cleaned after an erasure: the report cannot tell which. A group that the bus refused is due again later, and is not late until then. */
            seconds_late: number | null;
            /** @description When the event bus last refused an event or gave no answer; null if it did not, or works again. The status ignores a time from before the longest pause between two attempts, 20 minutes with sweep_minutes 1. */
            bus_failed_at: string | null;
        };
        DeadLettersHealth: {
            /**
             * @description Unknown: the service could not read this part, so its other values are null.
             * @enum {string}
             */
            status: "ok" | "degraded" | "failing" | "unknown";
            messages: number | null;
        };
        WebhooksHealth: {
            /**
             * @description Degraded: a delivery or an endpoint waits longer than the schedule explains, or a dead-letter queue of webhooks holds a message. A single endpoint that fails does not count.
             * @enum {string}
             */
            status: "ok" | "degraded" | "failing" | "unknown";
            /** @description How late the oldest due delivery, or the oldest due check of an endpoint, is; 0 if none is due. A delivery that waits for its endpoint to work again is not due. */
            seconds_late: number | null;
            /** @description The messages in the three dead-letter queues of webhooks. */
            dead_letters: number | null;
        };
        SweepHealth: {
            /**
             * @description Unknown: the service could not read this part, so its other values are null.
             * @enum {string}
             */
            status: "ok" | "degraded" | "failing" | "unknown";
            /** @description The end of the last successful sweep; null before the first. */
            ended_at: string | null;
        };
        FailingHealthReport: {
            /**
             * @description The status of the whole service. Failing: the service cannot read its table, or refreshes no group until an operator acts. Degraded: some groups wait, the service does not call AnyCheck at the moment, or a part is unknown.
             * @enum {string}
             */
            status: "ok" | "degraded" | "failing";
            table: components["schemas"]["TableHealth"];
            anycheck: components["schemas"]["AnyCheckHealth"];
            oldest_due: components["schemas"]["OldestDueHealth"];
            announcements: components["schemas"]["AnnouncementsHealth"];
            dead_letters: components["schemas"]["DeadLettersHealth"];
            webhooks: components["schemas"]["WebhooksHealth"];
            last_sweep: components["schemas"]["SweepHealth"];
            /** @enum {string} */
            error_code: "INVALID_REQUEST" | "INVALID_ID" | "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "INVALID_API_KEY" | "API_KEY_EXPIRED" | "FORBIDDEN" | "NOT_FOUND" | "QUOTA_EXCEEDED" | "INTERNAL_SERVER_ERROR";
            /** @description A sentence for people. Its wording can change. */
            message: string;
        };
        /** @description A delivery of AnyCheck. It requests a refresh; the service stores nothing of its body. */
        WebhookDelivery: unknown;
        NewWebhookEndpoint: {
            /** @description An https URL on port 443, whose host is a name with public addresses. */
            url: string;
            /** @default  */
            description: string;
            /**
             * @description The events that are delivered. A new endpoint receives all by default.
             * @default [
             *       "group.created",
             *       "group.updated",
             *       "group.settled",
             *       "group.reopened",
             *       "group.erased",
             *       "group.redacted"
             *     ]
             */
            event_types: ("group.created" | "group.updated" | "group.settled" | "group.reopened" | "group.erased" | "group.redacted")[];
        };
        CreatedWebhookEndpoint: {
            id: string;
            /** @description ?*** stands for the query, which can hold a secret. */
            url: string;
            description: string;
            event_types: ("group.created" | "group.updated" | "group.settled" | "group.reopened" | "group.erased" | "group.redacted")[];
            enabled: boolean;
            /**
             * @description active: the last attempt succeeded, or there was none. failing: it failed. paused: many failed, so deliveries wait, and one at a time is tried. disabled: nothing is sent.
             * @enum {string}
             */
            state: "active" | "failing" | "paused" | "disabled";
            /** @description Why the service disabled the endpoint. FAILING: all attempts failed for days. GONE: it answered 410. Null where it is enabled, or where an admin disabled it. */
            disabled_reason: ("FAILING" | "GONE") | null;
            /** @description When the first of the failures since the last success was. */
            failing_since: string | null;
            last_success: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When an admin or the service last changed it.
             */
            updated_at: string;
            /** @description Signs deliveries. No other call returns it. */
            secret: string;
        };
        WebhookEndpointList: {
            items: components["schemas"]["WebhookEndpoint"][];
        };
        WebhookEndpoint: {
            id: string;
            /** @description ?*** stands for the query, which can hold a secret. */
            url: string;
            description: string;
            event_types: ("group.created" | "group.updated" | "group.settled" | "group.reopened" | "group.erased" | "group.redacted")[];
            enabled: boolean;
            /**
             * @description active: the last attempt succeeded, or there was none. failing: it failed. paused: many failed, so deliveries wait, and one at a time is tried. disabled: nothing is sent.
             * @enum {string}
             */
            state: "active" | "failing" | "paused" | "disabled";
            /** @description Why the service disabled the endpoint. FAILING: all attempts failed for days. GONE: it answered 410. Null where it is enabled, or where an admin disabled it. */
            disabled_reason: ("FAILING" | "GONE") | null;
            /** @description When the first of the failures since the last success was. */
            failing_since: string | null;
            last_success: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When an admin or the service last changed it.
             */
            updated_at: string;
        };
        WebhookEndpointDetails: {
            id: string;
            /** @description ?*** stands for the query, which can hold a secret. */
            url: string;
            description: string;
            event_types: ("group.created" | "group.updated" | "group.settled" | "group.reopened" | "group.erased" | "group.redacted")[];
            enabled: boolean;
            /**
             * @description active: the last attempt succeeded, or there was none. failing: it failed. paused: many failed, so deliveries wait, and one at a time is tried. disabled: nothing is sent.
             * @enum {string}
             */
            state: "active" | "failing" | "paused" | "disabled";
            /** @description Why the service disabled the endpoint. FAILING: all attempts failed for days. GONE: it answered 410. Null where it is enabled, or where an admin disabled it. */
            disabled_reason: ("FAILING" | "GONE") | null;
            /** @description When the first of the failures since the last success was. */
            failing_since: string | null;
            last_success: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When an admin or the service last changed it.
             */
            updated_at: string;
            counts_24h: components["schemas"]["DeliveryCounts"];
        };
        /** @description Deliveries of events of the last 24 hours, by status. */
        DeliveryCounts: {
            pending: number;
            delivered: number;
            failed: number;
            cancelled: number;
            /** @description Whether all deliveries are counted: false where there are 10,000 or more. */
            complete: boolean;
        };
        WebhookEndpointChange: {
            /** @description An https URL on port 443, whose host is a name with public addresses. */
            url?: string;
            description?: string;
            /** @description The events that are delivered. A new endpoint receives all by default. */
            event_types?: ("group.created" | "group.updated" | "group.settled" | "group.reopened" | "group.erased" | "group.redacted")[];
            /** @description false: nothing is sent any more, and pending deliveries become failed. true: the endpoint receives the events from now on. A recovery delivers the failed ones. */
            enabled?: boolean;
        };
        RotatedSecret: {
            /** @description No other call returns it. */
            secret: string;
            /**
             * Format: date-time
             * @description From then on, the new secret signs alone.
             */
            previous_ends_at: string;
        };
        WebhookTest: {
            /** @description Whether the endpoint answered with 2xx. */
            delivered: boolean;
            /** @description The HTTP status of the answer; null where there is none. */
            status: number | null;
            /** @description Why there is no answer; null where there is one. It names no address. */
            error: ("REFUSED_ADDRESS" | "DNS" | "CONNECT" | "TLS" | "TIMEOUT" | "PROTOCOL" | "TOO_LONG" | "INTERRUPTED") | null;
            /** @description From the beginning to the last byte that was read. */
            duration_ms: number;
        };
        DeliveryPage: {
            items: components["schemas"]["Delivery"][];
            /** @description The cursor of the next page; null at the end of the list. */
            next_cursor: string | null;
        };
        Delivery: {
            delivery_id: string;
            /** @description Equal in every repetition of the event, and different for every other. */
            event_id: string;
            /** @enum {string} */
            type: "group.created" | "group.updated" | "group.settled" | "group.reopened" | "group.erased" | "group.redacted";
            /**
             * Format: uuid
             * @description The id of a group: all verifications that share it.
             */
            result_id: string;
            version: number;
            /**
             * @description pending: an attempt is due, or the delivery waits until the endpoint works. delivered: the endpoint answered with 2xx. failed: the service has given up. cancelled: see cancel_reason.
             * @enum {string}
             */
            status: "pending" | "delivered" | "failed" | "cancelled";
            /** @description ERASED: the group was erased, and its events with it. Null where the delivery is not cancelled. */
            cancel_reason: ("ERASED" | "ENDPOINT_DELETED") | null;
            /** @description The last 12 attempts, oldest first. */
            attempts: components["schemas"]["DeliveryAttempt"][];
            /** @description All attempts since the delivery began, or since it was sent again. */
            attempt_count: number;
            /** @description Null where the delivery is finished, or where it waits until the endpoint works. */
            next_attempt: string | null;
            /** Format: date-time */
            event_time: string;
        };
        DeliveryAttempt: {
            /** Format: date-time */
            at: string;
            /** @description The HTTP status of the answer; null where there is none. */
            status: number | null;
            /** @description Why there is no answer; null where there is one. It names no address. */
            error: ("REFUSED_ADDRESS" | "DNS" | "CONNECT" | "TLS" | "TIMEOUT" | "PROTOCOL" | "TOO_LONG" | "INTERRUPTED") | null;
            /** @description From the beginning to the last byte that was read. */
            duration_ms: number;
        };
        RecoverRequest: {
            /**
             * Format: date-time
             * @description The first event time, at most 30 days ago.
             */
            since: string;
        };
        NewApiKey: {
            /** @description Which program the key is for. It need not be unique. */
            name: string;
            /**
             * @description A key is never an admin’s.
             * @enum {string}
             */
            role: "viewer" | "operator";
            /**
             * @description Days until the key ends.
             * @default 90
             */
            expires_in_days: number;
        };
        CreatedApiKey: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator";
            /** @description The subject of the admin’s token. */
            created_by: string;
            /** Format: date-time */
            created_at: string;
            /** @description The subject of the token of the admin who rotated the key last; null before the first rotation. */
            rotated_by: string | null;
            /** @description When the key was rotated last; null where it never was. */
            rotated_at: string | null;
            /**
             * Format: date-time
             * @description When the key ends, with all its secrets.
             */
            expires_at: string;
            /** @description Whether the key is valid and ends within 14 days, or within a quarter of its days if that is less. */
            expires_soon: boolean;
            /** @enum {string} */
            status: "active" | "expired";
            /** @description The key, which callers send as X-API-Key. No other call returns it. */
            key: string;
        };
        ApiKeyList: {
            items: components["schemas"]["ApiKey"][];
        };
        ApiKey: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator";
            /** @description The subject of the admin’s token. */
            created_by: string;
            /** Format: date-time */
            created_at: string;
            /** @description The subject of the token of the admin who rotated the key last; null before the first rotation. */
            rotated_by: string | null;
            /** @description When the key was rotated last; null where it never was. */
            rotated_at: string | null;
            /**
             * Format: date-time
             * @description When the key ends, with all its secrets.
             */
            expires_at: string;
            /** @description Whether the key is valid and ends within 14 days, or within a quarter of its days if that is less. */
            expires_soon: boolean;
            /** @enum {string} */
            status: "active" | "expired";
            /** @description The day of the last call with the key, in UTC; null where there was none. */
            last_used_on: string | null;
        };
        ApiKeyRotation: {
            /**
             * @description Hours for which the secret before stays valid. 0 ends every earlier secret at once.
             * @default 24
             */
            previous_valid_hours: number;
            /** @description Days from now until the key ends; as many as before by default. */
            expires_in_days?: number;
        };
        RotatedApiKey: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator";
            /** @description The subject of the admin’s token. */
            created_by: string;
            /** Format: date-time */
            created_at: string;
            /** @description The subject of the token of the admin who rotated the key last; null before the first rotation. */
            rotated_by: string | null;
            /** @description When the key was rotated last; null where it never was. */
            rotated_at: string | null;
            /**
             * Format: date-time
             * @description When the key ends, with all its secrets.
             */
            expires_at: string;
            /** @description Whether the key is valid and ends within 14 days, or within a quarter of its days if that is less. */
            expires_soon: boolean;
            /** @enum {string} */
            status: "active" | "expired";
            /** @description The key, which callers send as X-API-Key. No other call returns it. */
            key: string;
            /**
             * Format: date-time
             * @description From then on, the secret before is refused.
             */
            previous_ends_at: string;
        };
        Addresses: {
            /** @constant */
            service: "anycheck-snapshots";
            version: string;
            /** @description By purpose. Without a user pool there is no login. */
            addresses: {
                [key: string]: string;
            };
        };
        OpenApiDocument: {
            openapi: string;
        } & {
            [key: string]: unknown;
        };
        VersionEvent: {
            /** @description Equal in every repetition of the event, and different for every other. */
            id: string;
            /**
             * Format: date-time
             * @description When the version was published, or the group was erased or redacted.
             */
            timestamp: string;
            /** @enum {string} */
            type: "group.created" | "group.updated" | "group.settled" | "group.reopened";
            data: components["schemas"]["VersionEventData"];
        };
        VersionEventData: {
            /**
             * Format: uuid
             * @description The id of the group.
             */
            result_id: string;
            /** @description Consumers order the events of a group by it. */
            version: number;
            /** @description null for the first version of a group, also after an erasure or where the group was forgotten meanwhile. */
            previous_version: number | null;
            phase: components["schemas"]["Phase"];
            previous_phase: components["schemas"]["Phase"] | null;
            overall_status: components["schemas"]["EventStatus"];
            /** @description How many verifications the group has. */
            total: number;
            status_counts: {
                [key: string]: number;
            };
            /** @description The verifications whose status differs from the version before, in the order of the list. */
            transitions: components["schemas"]["EventTransition"][];
            /** @description Whether there are more transitions than the event holds. */
            transitions_truncated: boolean;
            /** @description How many transitions are left out because the id has over 64 characters, or is no valid Unicode. */
            transitions_left_out: number;
            added: number;
            removed: number;
            changed: number;
        };
        /**
         * @description A status that AnyCheck documents, or OTHER for any other status and for a missing one.
         * @enum {string}
         */
        EventStatus: "IN_QUEUE" | "IN_PROGRESS" | "DRAFT" | "NEED_REVIEW" | "FRAUD_DETECTED" | "PARTIALLY_COMPLETED" | "PARTIALLY_FAILED" | "COMPLETED" | "FAILED" | "CANCELLED" | "OTHER";
        EventTransition: {
            verification_id: string;
            from: components["schemas"]["EventStatus"];
            to: components["schemas"]["EventStatus"];
        };
        ActEvent: {
            /** @description Equal in every repetition of the event, and different for every other. */
            id: string;
            /**
             * Format: date-time
             * @description When the version was published, or the group was erased or redacted.
             */
            timestamp: string;
            /** @enum {string} */
            type: "group.erased" | "group.redacted";
            data: components["schemas"]["ActEventData"];
        };
        ActEventData: {
            /**
             * Format: uuid
             * @description The id of the group.
             */
            result_id: string;
            /** @description The current version at that moment, 0 where there was none. An erasure ends all versions up to it. */
            version: number;
        };
    };
    responses: {
        /** @description From the gateway: no token, or a token that is expired, altered or from another issuer. */
        Unauthorized: {
            headers: {
                /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                "www-authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "Unauthorized"
                 *     }
                 */
                "application/json": components["schemas"]["GatewayFailure"];
            };
        };
        /** @description From the gateway: a body over 6 MB. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "Request Entity Too Large"
                 *     }
                 */
                "application/json": components["schemas"]["GatewayFailure"];
            };
        };
        /** @description From the gateway: too many requests at once. */
        Throttled: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "Too Many Requests"
                 *     }
                 */
                "application/json": components["schemas"]["GatewayFailure"];
            };
        };
        /** @description From the gateway: a request line and headers over 10,240 bytes. */
        HeadersTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "Request Header Fields Too Large"
                 *     }
                 */
                "application/json": components["schemas"]["GatewayFailure"];
            };
        };
        /** @description From the gateway: the function took too long. */
        Late: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "Service Unavailable"
                 *     }
                 */
                "application/json": components["schemas"]["GatewayFailure"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Identifies the call in the logs. */
        RequestId: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listVerifications: {
        parameters: {
            query: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
                /** @description The number of items to skip (not pages). */
                page_offset?: number;
                /** @description The number of items on the page. */
                page_size?: number;
                /** @description The version to return; by default the current one. */
                snapshot_version?: number;
                /** @description Returns the version that was current at this time (RFC 3339, or a Last-Modified; whole seconds mean the end of the second). Not allowed together with snapshot_version. */
                as_of?: string;
            };
            header?: {
                /** @description With no-cache, the service refreshes the group before it answers. With max-age=N, it does so if the snapshot is older than N seconds; max-stale adds to N. */
                "cache-control"?: string;
                /** @description An ETag. The answer is 304 if the page still has it. */
                "if-none-match"?: string;
                /** @description Without If-None-Match, the answer is 304 if nothing was stored in that second or since. */
                "if-modified-since"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The complete page, from one snapshot. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this page. Send it as If-None-Match. */
                    etag: string;
                    /** @description The second in which this version was published. */
                    "last-modified": string;
                    /** @description Seconds since AnyCheck last confirmed this content. */
                    age: string;
                    /** @description The same as Age, but caches between the service and the caller do not change it. */
                    "x-snapshot-age": string;
                    /** @description The version of this answer. Send it as snapshot_version to read further pages of the same snapshot. */
                    "x-snapshot-version": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "total": 1,
                     *       "overall_status": "COMPLETED",
                     *       "items": [
                     *         {
                     *           "id": "6a447eab-5309-4fd0-8776-5ad202140b60",
                     *           "service": {
                     *             "id": "8d1d2c6a-9f0b-4c57-a4c5-0a3a3a4f5b10",
                     *             "name": "KTP & Selfie"
                     *           },
                     *           "user_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
                     *           "api_key": null,
                     *           "folder_id": "5e0f7b1e-52c5-4a4b-9b3f-3c6a0d4c1f77",
                     *           "result_id": "11111111-1111-4111-8111-111111111111",
                     *           "execution_time": 2.284,
                     *           "status": "COMPLETED",
                     *           "start_date": "2026-11-29T00:05:31Z",
                     *           "end_date": "2026-11-29T00:05:33Z",
                     *           "input_config": {
                     *             "verification_type": "KTP_SELFIE",
                     *             "fraud_detection": false
                     *           },
                     *           "input_file_url": {
                     *             "ktp_file": [
                     *               "https://example.com/files/ktp.jpg"
                     *             ],
                     *             "selfie_file": [
                     *               "https://example.com/files/selfie.jpg"
                     *             ]
                     *           },
                     *           "output": {
                     *             "face_match_confidence_level": "HIGH",
                     *             "face_match_confidence_score": 0.98,
                     *             "is_match_face": true
                     *           },
                     *           "output_file_url": "https://example.com/output.json",
                     *           "output_status": "VERIFIED",
                     *           "external_job_id": {
                     *             "ocr_job_id": [
                     *               "0b8c3f0e-7c2f-4d8e-9a55-6f1f9b1f2a33"
                     *             ],
                     *             "fraud_job_id": []
                     *           },
                     *           "webhook_url": "https://example.com/webhook",
                     *           "webhook_metadata": {},
                     *           "export_file_url": "https://example.com/export.xlsx",
                     *           "credit_used": 10,
                     *           "total_files": 2,
                     *           "total_pages": 2,
                     *           "created_at": "2026-11-29T00:05:31Z",
                     *           "updated_at": "2026-11-29T00:05:33Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["VerificationPage"];
                };
            };
            /** @description The page is the one that the caller has. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this page. Send it as If-None-Match. */
                    etag: string;
                    /** @description The second in which this version was published. */
                    "last-modified": string;
                    /** @description Seconds since AnyCheck last confirmed this content. */
                    age: string;
                    /** @description The same as Age, but caches between the service and the caller do not change it. */
                    "x-snapshot-age": string;
                    /** @description The version of this answer. Send it as snapshot_version to read further pages of the same snapshot. */
                    "x-snapshot-version": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: Another parameter is invalid, or the page is over 6 MB. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "result_id",
                     *           "message": "result_id must be a UUID, 8-4-4-4-12 hexadecimal digits."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: AnyCheck does not know the group, the group is erased, it never had the version, or it had no version yet at the time in as_of. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "AnyCheck has no verifications with this result_id."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: A single verification is over 6 MB without gzip; or Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "This verification is larger than 6 MB. Send Accept-Encoding: gzip and page_size=1."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description NOT_FOUND: The version, or the one that was current at the time in as_of, is past its retention. */
            410: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "The retention of this version has ended: it was superseded too long ago."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: A single verification is over 6 MB even with gzip. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "This verification is larger than 6 MB even with gzip. The service cannot return it."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description QUOTA_EXCEEDED: Within a minute, the caller has read too many groups for which AnyCheck returned no verifications; or the caller’s daily quota of new groups is spent. The service counts after the answer, so parallel reads can exceed a quota. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: The group has no snapshot yet, and AnyCheck is not available. Retry after Retry-After seconds. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    listVerificationsHead: {
        parameters: {
            query: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
                /** @description The number of items to skip (not pages). */
                page_offset?: number;
                /** @description The number of items on the page. */
                page_size?: number;
                /** @description The version to return; by default the current one. */
                snapshot_version?: number;
                /** @description Returns the version that was current at this time (RFC 3339, or a Last-Modified; whole seconds mean the end of the second). Not allowed together with snapshot_version. */
                as_of?: string;
            };
            header?: {
                /** @description With no-cache, the service refreshes the group before it answers. With max-age=N, it does so if the snapshot is older than N seconds; max-stale adds to N. */
                "cache-control"?: string;
                /** @description An ETag. The answer is 304 if the page still has it. */
                "if-none-match"?: string;
                /** @description Without If-None-Match, the answer is 304 if nothing was stored in that second or since. */
                "if-modified-since"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The complete page, from one snapshot. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this page. Send it as If-None-Match. */
                    etag: string;
                    /** @description The second in which this version was published. */
                    "last-modified": string;
                    /** @description Seconds since AnyCheck last confirmed this content. */
                    age: string;
                    /** @description The same as Age, but caches between the service and the caller do not change it. */
                    "x-snapshot-age": string;
                    /** @description The version of this answer. Send it as snapshot_version to read further pages of the same snapshot. */
                    "x-snapshot-version": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The page is the one that the caller has. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this page. Send it as If-None-Match. */
                    etag: string;
                    /** @description The second in which this version was published. */
                    "last-modified": string;
                    /** @description Seconds since AnyCheck last confirmed this content. */
                    age: string;
                    /** @description The same as Age, but caches between the service and the caller do not change it. */
                    "x-snapshot-age": string;
                    /** @description The version of this answer. Send it as snapshot_version to read further pages of the same snapshot. */
                    "x-snapshot-version": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: Another parameter is invalid, or the page is over 6 MB. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: AnyCheck does not know the group, the group is erased, it never had the version, or it had no version yet at the time in as_of. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A single verification is over 6 MB without gzip; or Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: The version, or the one that was current at the time in as_of, is past its retention. */
            410: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A single verification is over 6 MB even with gzip. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description QUOTA_EXCEEDED: Within a minute, the caller has read too many groups for which AnyCheck returned no verifications; or the caller’s daily quota of new groups is spent. The service counts after the answer, so parallel reads can exceed a quota. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: The group has no snapshot yet, and AnyCheck is not available. Retry after Retry-After seconds. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listGroups: {
        parameters: {
            query?: {
                phase?: "active" | "waiting" | "settled";
                overall_status?: string;
                /** @description Only groups with a failing_since, in its order instead of that of last_change. */
                failing?: "true";
                /** @description The order of last_change. A cursor is valid only with the order and the failing of its listing. */
                order?: "newest" | "oldest";
                /** @description The first last_change of the listing. Only with order=oldest and without failing; a cursor continues its own listing. */
                changed_since?: string;
                /** @description The next_cursor of the previous page. */
                cursor?: string;
                /** @description The most entries of the page. */
                limit?: number;
            };
            header?: {
                /** @description An ETag. The answer is 304 if it would have the same body. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of groups. A page can hold fewer groups than limit before the end of the list. With order=newest, a group that changes during the listing, or in the 5 seconds before it, can be missing or appear twice. With order=oldest, such a group can appear twice, and no group that matches throughout is missing. The exception is a group that changed in the 5 seconds before a page: it can be missing, and is then on the first pages of order=newest. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of the answer. Send it as If-None-Match. */
                    etag: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "result_id": "11111111-1111-4111-8111-111111111111",
                     *           "version": 1,
                     *           "phase": "settled",
                     *           "overall_status": "COMPLETED",
                     *           "total": 3,
                     *           "status_counts": {
                     *             "COMPLETED": 3
                     *           },
                     *           "first_seen": "2026-11-29T00:06:41.273Z",
                     *           "last_attempt": "2026-11-29T00:06:41.976Z",
                     *           "last_success": "2026-11-29T00:06:41.976Z",
                     *           "last_change": "2026-11-29T00:06:41.333Z",
                     *           "last_error": null,
                     *           "failing_since": null,
                     *           "next_refresh": "2026-11-29T01:06:24.367Z",
                     *           "redacted": false
                     *         },
                     *         {
                     *           "result_id": "22222222-2222-4222-8222-222222222222",
                     *           "version": null,
                     *           "phase": "active",
                     *           "overall_status": null,
                     *           "total": null,
                     *           "status_counts": {},
                     *           "first_seen": "2026-11-29T00:06:41.273Z",
                     *           "last_attempt": "2026-11-29T00:06:41.990Z",
                     *           "last_success": null,
                     *           "last_change": "2026-11-29T00:06:41.333Z",
                     *           "last_error": {
                     *             "code": "TIMED_OUT",
                     *             "at": "2026-11-29T00:06:41.990Z",
                     *             "failures": 1
                     *           },
                     *           "failing_since": "2026-11-29T00:06:41.990Z",
                     *           "next_refresh": "2026-11-29T01:06:24.367Z",
                     *           "redacted": false
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["GroupPage"];
                };
            };
            /** @description The answer still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of the answer. Send it as If-None-Match. */
                    etag: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A parameter is invalid or unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "overall_staus",
                     *           "message": "overall_staus is unknown. Did you mean overall_status?"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    trackGroups: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "result_ids": [
                 *         "22222222-2222-4222-8222-222222222222",
                 *         "11111111-1111-4111-8111-111111111111"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["TrackGroupsRequest"];
            };
        };
        responses: {
            /** @description The groups are tracked, and the first refresh of each new one is queued. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": [
                     *         "22222222-2222-4222-8222-222222222222"
                     *       ],
                     *       "known": [
                     *         "11111111-1111-4111-8111-111111111111"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TrackGroupsAnswer"];
                };
            };
            /** @description INVALID_ID: An id is not a UUID. INVALID_REQUEST: The body does not hold 1 to 100 ids, or a name in it or in the query is unknown. No group is tracked then. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "result_ids",
                     *           "message": "result_ids must hold 1 to 100 ids."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description QUOTA_EXCEEDED: The call names more new groups than the caller’s daily quota leaves. No group is tracked then. Parallel calls can exceed the quota. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    listGroupsHead: {
        parameters: {
            query?: {
                phase?: "active" | "waiting" | "settled";
                overall_status?: string;
                /** @description Only groups with a failing_since, in its order instead of that of last_change. */
                failing?: "true";
                /** @description The order of last_change. A cursor is valid only with the order and the failing of its listing. */
                order?: "newest" | "oldest";
                /** @description The first last_change of the listing. Only with order=oldest and without failing; a cursor continues its own listing. */
                changed_since?: string;
                /** @description The next_cursor of the previous page. */
                cursor?: string;
                /** @description The most entries of the page. */
                limit?: number;
            };
            header?: {
                /** @description An ETag. The answer is 304 if it would have the same body. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of groups. A page can hold fewer groups than limit before the end of the list. With order=newest, a group that changes during the listing, or in the 5 seconds before it, can be missing or appear twice. With order=oldest, such a group can appear twice, and no group that matches throughout is missing. The exception is a group that changed in the 5 seconds before a page: it can be missing, and is then on the first pages of order=newest. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of the answer. Send it as If-None-Match. */
                    etag: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The answer still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of the answer. Send it as If-None-Match. */
                    etag: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A parameter is invalid or unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if it would have the same body. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state of the group, with the times of its last and next refresh. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of the answer. Send it as If-None-Match. */
                    etag: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "result_id": "11111111-1111-4111-8111-111111111111",
                     *       "version": 1,
                     *       "phase": "settled",
                     *       "overall_status": "COMPLETED",
                     *       "total": 3,
                     *       "status_counts": {
                     *         "COMPLETED": 3
                     *       },
                     *       "first_seen": "2026-11-29T00:06:41.273Z",
                     *       "last_attempt": "2026-11-29T00:06:41.976Z",
                     *       "last_success": "2026-11-29T00:06:41.976Z",
                     *       "last_change": "2026-11-29T00:06:41.333Z",
                     *       "last_error": null,
                     *       "failing_since": null,
                     *       "next_refresh": "2026-11-29T01:06:24.367Z",
                     *       "redacted": false
                     *     }
                     */
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description The answer still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of the answer. Send it as If-None-Match. */
                    etag: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "result_id",
                     *           "message": "result_id must be a UUID, 8-4-4-4-12 hexadecimal digits."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: The group is not tracked, or it is erased. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This group is not tracked."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    eraseGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a group: all verifications that share it. */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group is unreadable from now on, and its data is deleted within 20 minutes. The answer is the same for an unknown group. Only POST /groups tracks the group again. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "result_id",
                     *           "message": "result_id must be a UUID, 8-4-4-4-12 hexadecimal digits."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    getGroupHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if it would have the same body. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state of the group, with the times of its last and next refresh. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of the answer. Send it as If-None-Match. */
                    etag: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The answer still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of the answer. Send it as If-None-Match. */
                    etag: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: The group is not tracked, or it is erased. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    refreshGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A refresh that begins after this call is queued. Several requests share one refresh. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": true
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "result_id",
                     *           "message": "result_id must be a UUID, 8-4-4-4-12 hexadecimal digits."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: The group is not tracked, or it is erased. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This group is not tracked."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    groupHistory: {
        parameters: {
            query?: {
                /** @description The next_cursor of the previous page. */
                cursor?: string;
                /** @description The most entries of the page. */
                limit?: number;
            };
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the stored versions. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "version": 2,
                     *           "at": "2026-11-29T00:08:03.729Z",
                     *           "confirmed_until": "2026-11-29T00:09:03.101Z",
                     *           "overall_status": "COMPLETED",
                     *           "phase": "settled",
                     *           "total": 3,
                     *           "transitions": [
                     *             {
                     *               "verification_id": "6a447eab-5309-4fd0-8776-5ad202140b60",
                     *               "from": "IN_PROGRESS",
                     *               "to": "COMPLETED"
                     *             }
                     *           ],
                     *           "added": 0,
                     *           "removed": 0,
                     *           "changed": 1
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["VersionPage"];
                };
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: Another parameter is invalid or unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "result_id",
                     *           "message": "result_id must be a UUID, 8-4-4-4-12 hexadecimal digits."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: The group is not tracked, or it is erased. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This group is not tracked."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    groupHistoryHead: {
        parameters: {
            query?: {
                /** @description The next_cursor of the previous page. */
                cursor?: string;
                /** @description The most entries of the page. */
                limit?: number;
            };
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the stored versions. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: Another parameter is invalid or unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: The group is not tracked, or it is erased. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    groupStatuses: {
        parameters: {
            query: {
                /**
                 * @description A version of the group. Versions begin with 1.
                 * @example 1
                 */
                version: number;
            };
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The verifications of the version, in their order. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "6a447eab-5309-4fd0-8776-5ad202140b60",
                     *           "status": "IN_PROGRESS"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["VersionStatuses"];
                };
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: version is missing or invalid, or another parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "version",
                     *           "message": "version is required."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: The group is not tracked, or it never had the version. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This group is not tracked."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: The answer is over 6 MB without gzip; or Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "This list is larger than 6 MB. Send Accept-Encoding: gzip."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description NOT_FOUND: The version is past its retention. */
            410: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "The retention of this version has ended: it was superseded too long ago."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: The answer is over 6 MB even with gzip. Read the version page by page instead. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "This list is larger than 6 MB even with gzip. Read the version page by page instead."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    groupStatusesHead: {
        parameters: {
            query: {
                /**
                 * @description A version of the group. Versions begin with 1.
                 * @example 1
                 */
                version: number;
            };
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The verifications of the version, in their order. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: version is missing or invalid, or another parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: The group is not tracked, or it never had the version. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: The answer is over 6 MB without gzip; or Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: The version is past its retention. */
            410: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: The answer is over 6 MB even with gzip. Read the version page by page instead. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    diffGroup: {
        parameters: {
            query: {
                /**
                 * @description A version of the group. Versions begin with 1.
                 * @example 1
                 */
                from: number;
                /**
                 * @description A version of the group. Versions begin with 1.
                 * @example 2
                 */
                to: number;
            };
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The differences between the versions. A version has none from itself. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": 1,
                     *       "to": 2,
                     *       "total": {
                     *         "from": 3,
                     *         "to": 3
                     *       },
                     *       "overall_status": {
                     *         "from": "PARTIALLY_COMPLETED",
                     *         "to": "COMPLETED"
                     *       },
                     *       "verifications": [
                     *         {
                     *           "verification_id": "6a447eab-5309-4fd0-8776-5ad202140b60",
                     *           "change": "changed",
                     *           "from_index": 2,
                     *           "to_index": 2,
                     *           "moved": false,
                     *           "patch": [
                     *             {
                     *               "op": "replace",
                     *               "path": "/status",
                     *               "value": "COMPLETED"
                     *             },
                     *             {
                     *               "op": "remove",
                     *               "path": "/output/is_match_face"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["GroupDiff"];
                };
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: from or to is missing or invalid, or another parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "to",
                     *           "message": "to is required."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: The group is not tracked, or it never had one of the versions. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This group is not tracked."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: The answer is over 6 MB without gzip; or Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "This diff is larger than 6 MB. Send Accept-Encoding: gzip."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description NOT_FOUND: One of the versions is past its retention. */
            410: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "The retention of this version has ended: it was superseded too long ago."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: The answer is over 6 MB even with gzip. Read the two versions instead. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "This diff is larger than 6 MB even with gzip. Read the two versions instead."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    diffGroupHead: {
        parameters: {
            query: {
                /**
                 * @description A version of the group. Versions begin with 1.
                 * @example 1
                 */
                from: number;
                /**
                 * @description A version of the group. Versions begin with 1.
                 * @example 2
                 */
                to: number;
            };
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a group: all verifications that share it.
                 * @example 11111111-1111-4111-8111-111111111111
                 */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The differences between the versions. A version has none from itself. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: from or to is missing or invalid, or another parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a rotation has replaced it. From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token or key gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: The group is not tracked, or it never had one of the versions. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: The answer is over 6 MB without gzip; or Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: One of the versions is past its retention. */
            410: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: The answer is over 6 MB even with gzip. Read the two versions instead. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    redactGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a group: all verifications that share it. */
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service returns only redacted data from now on, and redacts the stored data within 20 minutes. Of each verification, these fields remain: id, result_id, service, status, output_status, start_date, end_date, created_at, updated_at, credit_used. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": true
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description INVALID_ID: result_id is not a UUID. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "result_id",
                     *           "message": "result_id must be a UUID, 8-4-4-4-12 hexadecimal digits."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: The group is not tracked, or it is erased. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This group is not tracked."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "operator@example.com",
                 *       "password": "local-password"
                 *     }
                 */
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description The new tokens. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
                     *       "refresh_token": "a-refresh-token"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description INVALID_REQUEST: A field is missing or invalid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "password",
                     *           "message": "password is required."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_CREDENTIALS: The email or the password is wrong. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_CREDENTIALS",
                     *       "message": "Email or password is wrong."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description FORBIDDEN: The user must complete another step first, such as MFA or a new password. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "FORBIDDEN",
                     *       "message": "This user must complete a further step (such as MFA), which this login does not support. Use another user, or ask an administrator."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description QUOTA_EXCEEDED: Cognito throttles the attempts. Retry after Retry-After seconds. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: Cognito is not available. Retry after Retry-After seconds. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    refreshTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "a-refresh-token"
                 *     }
                 */
                "application/json": components["schemas"]["RefreshTokensRequest"];
            };
        };
        responses: {
            /** @description The new tokens. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
                     *       "refresh_token": "another-refresh-token"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description INVALID_REQUEST: The refresh token is missing or is not a text. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "refresh_token",
                     *           "message": "refresh_token must be a string."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_TOKEN: The refresh token is not valid, or not valid any more. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_TOKEN",
                     *       "message": "The refresh token is not valid any more. Log in again."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description QUOTA_EXCEEDED: Cognito throttles the attempts. Retry after Retry-After seconds. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: Cognito is not available. Retry after Retry-After seconds. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    whoami: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller, from the token. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "who": "3f6c2a10-5b1e-4c39-9d55-0a8e5b7d1f42",
                     *       "role": "operator",
                     *       "is_person": true
                     *     }
                     */
                    "application/json": components["schemas"]["WhoAmI"];
                };
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    whoamiHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller, from the token. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token gives no role, or a lower one than viewer. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service answers and can read its table. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: The service cannot read its table within two seconds. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    healthHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service answers and can read its table. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: The service cannot read its table within two seconds. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    deepHealth: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report of a service that is ok or degraded. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "table": {
                     *         "status": "ok"
                     *       },
                     *       "anycheck": {
                     *         "status": "ok",
                     *         "circuit": "closed",
                     *         "credentials_refused": false,
                     *         "reason": null,
                     *         "paused_until": null,
                     *         "failures": 0,
                     *         "failing_since": null
                     *       },
                     *       "oldest_due": {
                     *         "status": "ok",
                     *         "seconds_late": 0
                     *       },
                     *       "announcements": {
                     *         "status": "ok",
                     *         "seconds_late": 0,
                     *         "bus_failed_at": null
                     *       },
                     *       "dead_letters": {
                     *         "status": "ok",
                     *         "messages": 0
                     *       },
                     *       "webhooks": {
                     *         "status": "ok",
                     *         "seconds_late": 0,
                     *         "dead_letters": 0
                     *       },
                     *       "last_sweep": {
                     *         "status": "ok",
                     *         "ended_at": "2026-11-29T00:06:40.274Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HealthReport"];
                };
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: The service is failing. The body is the report, with error_code and message. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailingHealthReport"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    deepHealthHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report of a service that is ok or degraded. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: The service is failing. The body is the report, with error_code and message. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    anycheckWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token of this deployment, from its webhook secret.
                 * @example local-webhook-token
                 */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "event": "verification.status_changed",
                 *       "timestamp": "2026-11-29T00:05:33Z",
                 *       "result_id": "11111111-1111-4111-8111-111111111111",
                 *       "status": "COMPLETED"
                 *     }
                 */
                "application/json": components["schemas"]["WebhookDelivery"];
            };
        };
        responses: {
            /** @description The service has accepted the delivery, whether or not it names a known group. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": true
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description INVALID_REQUEST: The body is not JSON, or larger than 10 MB without its content coding. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The body is not JSON."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_TOKEN: The token or the signature is wrong, or the timestamp is more than 5 minutes away from now. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description What is wrong with the token (RFC 6750, 3), or ApiKey. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_TOKEN",
                     *       "message": "The address holds no valid token."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description INVALID_REQUEST: The content coding of the body is neither gzip nor none. */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The body has a content coding other than gzip."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All endpoints, in the order of their creation. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "we_5iAvGzQVpDsSYGFDuMnGZg",
                     *           "url": "https://los.example.com/anycheck?***",
                     *           "description": "Loan origination",
                     *           "event_types": [
                     *             "group.settled",
                     *             "group.erased"
                     *           ],
                     *           "enabled": true,
                     *           "state": "active",
                     *           "disabled_reason": null,
                     *           "failing_since": null,
                     *           "last_success": "2026-11-29T00:08:04.112Z",
                     *           "created_at": "2026-11-29T00:06:41.273Z",
                     *           "updated_at": "2026-11-29T00:06:41.273Z"
                     *         },
                     *         {
                     *           "id": "we_0hZ3bq8wJm0mP4Jr2s5c7A",
                     *           "url": "https://scores.example.com/events",
                     *           "description": "",
                     *           "event_types": [
                     *             "group.created",
                     *             "group.updated",
                     *             "group.settled",
                     *             "group.reopened",
                     *             "group.erased",
                     *             "group.redacted"
                     *           ],
                     *           "enabled": false,
                     *           "state": "disabled",
                     *           "disabled_reason": "FAILING",
                     *           "failing_since": "2026-11-24T00:08:04.112Z",
                     *           "last_success": null,
                     *           "created_at": "2026-11-29T00:06:41.273Z",
                     *           "updated_at": "2026-11-29T00:06:41.273Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpointList"];
                };
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    createWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://los.example.com/anycheck?key=7Qm2",
                 *       "description": "Loan origination",
                 *       "event_types": [
                 *         "group.settled",
                 *         "group.erased"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewWebhookEndpoint"];
            };
        };
        responses: {
            /** @description The endpoint, which receives the events from now on, and its signing secret. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "we_5iAvGzQVpDsSYGFDuMnGZg",
                     *       "url": "https://los.example.com/anycheck?***",
                     *       "description": "Loan origination",
                     *       "event_types": [
                     *         "group.settled",
                     *         "group.erased"
                     *       ],
                     *       "enabled": true,
                     *       "state": "active",
                     *       "disabled_reason": null,
                     *       "failing_since": null,
                     *       "last_success": null,
                     *       "created_at": "2026-11-29T00:06:41.273Z",
                     *       "updated_at": "2026-11-29T00:06:41.273Z",
                     *       "secret": "whsec_bm90IGEgc2VjcmV0LCBidXQgMzIgYnl0ZXMgbG9uZyE="
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedWebhookEndpoint"];
                };
            };
            /** @description INVALID_REQUEST: A field is invalid or unknown, the URL is not allowed, or there are 50 endpoints already. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "url",
                     *           "message": "url must be an https URL."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: Other calls changed the endpoint at the same time. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    listWebhookEndpointsHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All endpoints, in the order of their creation. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a webhook endpoint.
                 * @example we_5iAvGzQVpDsSYGFDuMnGZg
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "we_5iAvGzQVpDsSYGFDuMnGZg",
                     *       "url": "https://los.example.com/anycheck?***",
                     *       "description": "Loan origination",
                     *       "event_types": [
                     *         "group.settled",
                     *         "group.erased"
                     *       ],
                     *       "enabled": true,
                     *       "state": "active",
                     *       "disabled_reason": null,
                     *       "failing_since": null,
                     *       "last_success": "2026-11-29T00:08:04.112Z",
                     *       "created_at": "2026-11-29T00:06:41.273Z",
                     *       "updated_at": "2026-11-29T00:06:41.273Z",
                     *       "counts_24h": {
                     *         "pending": 1,
                     *         "delivered": 1204,
                     *         "failed": 0,
                     *         "cancelled": 2,
                     *         "complete": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpointDetails"];
                };
            };
            /** @description INVALID_ID: endpoint_id is malformed. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "endpoint_id",
                     *           "message": "endpoint_id must be the id of a webhook endpoint."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such webhook endpoint. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This webhook endpoint does not exist."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    deleteWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a webhook endpoint. */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint receives nothing any more. An attempt that is under way ends. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: endpoint_id is malformed. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "endpoint_id",
                     *           "message": "endpoint_id must be the id of a webhook endpoint."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such webhook endpoint. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This webhook endpoint does not exist."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: Other calls changed the endpoint at the same time. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    getWebhookEndpointHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a webhook endpoint.
                 * @example we_5iAvGzQVpDsSYGFDuMnGZg
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: endpoint_id is malformed. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: There is no such webhook endpoint. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a webhook endpoint.
                 * @example we_5iAvGzQVpDsSYGFDuMnGZg
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Loan origination, Jakarta",
                 *       "enabled": false
                 *     }
                 */
                "application/json": components["schemas"]["WebhookEndpointChange"];
            };
        };
        responses: {
            /** @description The endpoint after the change. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "we_5iAvGzQVpDsSYGFDuMnGZg",
                     *       "url": "https://los.example.com/anycheck?***",
                     *       "description": "Loan origination, Jakarta",
                     *       "event_types": [
                     *         "group.settled",
                     *         "group.erased"
                     *       ],
                     *       "enabled": false,
                     *       "state": "disabled",
                     *       "disabled_reason": null,
                     *       "failing_since": null,
                     *       "last_success": "2026-11-29T00:08:04.112Z",
                     *       "created_at": "2026-11-29T00:06:41.273Z",
                     *       "updated_at": "2026-11-29T00:06:41.273Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            /** @description INVALID_ID: endpoint_id is malformed. INVALID_REQUEST: A field is invalid, unknown or missing, or the URL is not allowed. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "enabld",
                     *           "message": "enabld is unknown. Did you mean enabled?"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such webhook endpoint. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This webhook endpoint does not exist."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: Other calls changed the endpoint at the same time. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a webhook endpoint.
                 * @example we_5iAvGzQVpDsSYGFDuMnGZg
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new secret. It and the one before sign each delivery until previous_ends_at. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secret": "whsec_bm90IGEgc2VjcmV0LCBidXQgMzIgYnl0ZXMgbG9uZyE=",
                     *       "previous_ends_at": "2026-11-30T00:06:41.273Z"
                     *     }
                     */
                    "application/json": components["schemas"]["RotatedSecret"];
                };
            };
            /** @description INVALID_ID: endpoint_id is malformed. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "endpoint_id",
                     *           "message": "endpoint_id must be the id of a webhook endpoint."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such webhook endpoint. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This webhook endpoint does not exist."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description QUOTA_EXCEEDED: Four secrets of the endpoint sign already. Retry-After says when the first of them ends. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: Other calls changed the endpoint at the same time. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    testWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a webhook endpoint.
                 * @example we_5iAvGzQVpDsSYGFDuMnGZg
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the endpoint answered. It is also 200 where it failed. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivered": true,
                     *       "status": 204,
                     *       "error": null,
                     *       "duration_ms": 87
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            /** @description INVALID_ID: endpoint_id is malformed. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "endpoint_id",
                     *           "message": "endpoint_id must be the id of a webhook endpoint."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such webhook endpoint. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This webhook endpoint does not exist."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description QUOTA_EXCEEDED: The endpoint was tested less than 10 seconds ago. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                status?: "pending" | "delivered" | "failed" | "cancelled";
                /** @description The id of a group: all verifications that share it. */
                result_id?: string;
                /** @description The next_cursor of the previous page. */
                cursor?: string;
                /** @description The most entries of the page. */
                limit?: number;
            };
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a webhook endpoint.
                 * @example we_5iAvGzQVpDsSYGFDuMnGZg
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the deliveries of events of the last 30 days, by the time of the event. One call reads at most 1,000 deliveries, so with a filter a page can hold fewer than limit before the end of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "delivery_id": "dlv_1795910883729_Y0eVHoTfVrs9rJ6V6RvC2g",
                     *           "event_id": "evt_Y0eVHoTfVrs9rJ6V6RvC2g",
                     *           "type": "group.settled",
                     *           "result_id": "11111111-1111-4111-8111-111111111111",
                     *           "version": 2,
                     *           "status": "pending",
                     *           "cancel_reason": null,
                     *           "attempts": [
                     *             {
                     *               "at": "2026-11-29T00:08:04.001Z",
                     *               "status": 503,
                     *               "error": null,
                     *               "duration_ms": 112
                     *             },
                     *             {
                     *               "at": "2026-11-29T00:08:09.218Z",
                     *               "status": null,
                     *               "error": "TIMEOUT",
                     *               "duration_ms": 15001
                     *             }
                     *           ],
                     *           "attempt_count": 2,
                     *           "next_attempt": "2026-11-29T00:13:11.730Z",
                     *           "event_time": "2026-11-29T00:08:03.729Z"
                     *         },
                     *         {
                     *           "delivery_id": "dlv_1795910801333_KqzT9T2jzCIPdS5Qz1cM_A",
                     *           "event_id": "evt_KqzT9T2jzCIPdS5Qz1cM_A",
                     *           "type": "group.created",
                     *           "result_id": "11111111-1111-4111-8111-111111111111",
                     *           "version": 1,
                     *           "status": "delivered",
                     *           "cancel_reason": null,
                     *           "attempts": [
                     *             {
                     *               "at": "2026-11-29T00:06:42.001Z",
                     *               "status": 204,
                     *               "error": null,
                     *               "duration_ms": 93
                     *             }
                     *           ],
                     *           "attempt_count": 1,
                     *           "next_attempt": null,
                     *           "event_time": "2026-11-29T00:06:41.333Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            /** @description INVALID_ID: endpoint_id is malformed, or result_id is not a UUID. INVALID_REQUEST: Another parameter is invalid or unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "status",
                     *           "message": "status must be one of pending, delivered, failed, cancelled."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such webhook endpoint. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This webhook endpoint does not exist."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    listWebhookDeliveriesHead: {
        parameters: {
            query?: {
                status?: "pending" | "delivered" | "failed" | "cancelled";
                /** @description The id of a group: all verifications that share it. */
                result_id?: string;
                /** @description The next_cursor of the previous page. */
                cursor?: string;
                /** @description The most entries of the page. */
                limit?: number;
            };
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /**
                 * @description The id of a webhook endpoint.
                 * @example we_5iAvGzQVpDsSYGFDuMnGZg
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the deliveries of events of the last 30 days, by the time of the event. One call reads at most 1,000 deliveries, so with a filter a page can hold fewer than limit before the end of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: endpoint_id is malformed, or result_id is not a UUID. INVALID_REQUEST: Another parameter is invalid or unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: There is no such webhook endpoint. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    resendWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a webhook endpoint.
                 * @example we_5iAvGzQVpDsSYGFDuMnGZg
                 */
                endpoint_id: string;
                /**
                 * @description The id of a delivery.
                 * @example dlv_1795910883729_Y0eVHoTfVrs9rJ6V6RvC2g
                 */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery is pending again, and its attempts begin anew. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": true
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description INVALID_ID: endpoint_id or delivery_id is malformed. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "delivery_id",
                     *           "message": "delivery_id must be the id of a delivery."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such webhook endpoint or delivery, or the delivery is older than 30 days. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This delivery does not exist, or it is older than 30 days."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: The endpoint is disabled. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "This webhook endpoint is disabled. Enable it first."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description NOT_FOUND: The group of the delivery was erased, and its events with it. */
            410: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "The group of this delivery was erased, and its events with it."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description QUOTA_EXCEEDED: 60 deliveries of the endpoint were sent again in this minute. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: The delivery changed at the same time. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    recoverWebhookDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a webhook endpoint.
                 * @example we_5iAvGzQVpDsSYGFDuMnGZg
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-11-28T00:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["RecoverRequest"];
            };
        };
        responses: {
            /** @description The recovery is under way. It can take minutes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": true
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description INVALID_ID: endpoint_id is malformed. INVALID_REQUEST: since is missing, malformed, in the future, or over 30 days ago. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "since",
                     *           "message": "since must be at most 30 days ago."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than operator. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such webhook endpoint. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This webhook endpoint does not exist."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: The endpoint is disabled. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "This webhook endpoint is disabled. Enable it first."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description QUOTA_EXCEEDED: Another recovery of the endpoint is under way. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All keys, in the order of their creation. An ended key stays in the list for 30 days. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "8f14e45fceea167a",
                     *           "name": "loan-origination",
                     *           "role": "viewer",
                     *           "created_by": "3f6c2a10-5b1e-4c39-9d55-0a8e5b7d1f42",
                     *           "created_at": "2026-11-29T00:06:41.273Z",
                     *           "rotated_by": null,
                     *           "rotated_at": null,
                     *           "expires_at": "2027-02-27T00:06:41.273Z",
                     *           "expires_soon": false,
                     *           "status": "active",
                     *           "last_used_on": "2026-12-03"
                     *         },
                     *         {
                     *           "id": "c9f0f895fb98ab91",
                     *           "name": "intake",
                     *           "role": "operator",
                     *           "created_by": "3f6c2a10-5b1e-4c39-9d55-0a8e5b7d1f42",
                     *           "created_at": "2026-11-29T00:08:04.112Z",
                     *           "rotated_by": null,
                     *           "rotated_at": null,
                     *           "expires_at": "2026-12-06T00:08:04.112Z",
                     *           "expires_soon": false,
                     *           "status": "active",
                     *           "last_used_on": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin, or is not a person’s. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "loan-origination",
                 *       "role": "viewer",
                 *       "expires_in_days": 90
                 *     }
                 */
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description The key, which is valid from now on. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description no-store: the answer holds a key. */
                    "cache-control": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "8f14e45fceea167a",
                     *       "name": "loan-origination",
                     *       "role": "viewer",
                     *       "created_by": "3f6c2a10-5b1e-4c39-9d55-0a8e5b7d1f42",
                     *       "created_at": "2026-11-29T00:06:41.273Z",
                     *       "rotated_by": null,
                     *       "rotated_at": null,
                     *       "expires_at": "2027-02-27T00:06:41.273Z",
                     *       "expires_soon": false,
                     *       "status": "active",
                     *       "key": "acsnap_8f14e45fceea167a_6e6f742061207365637265742c20627574203332206279746573206c6f6e6721_3bf39c8d"
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description INVALID_REQUEST: A field is invalid or unknown, or there are 200 keys already. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "role",
                     *           "message": "role must be one of viewer, operator."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin, or is not a person’s. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            413: components["responses"]["TooLarge"];
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: Another key has the id. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    listApiKeysHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All keys, in the order of their creation. An ended key stays in the list for 30 days. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: no token, or a token that is expired, altered or from another issuer. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin, or is not a person’s. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    rotateApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an API key.
                 * @example 8f14e45fceea167a
                 */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "previous_valid_hours": 24
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyRotation"];
            };
        };
        responses: {
            /** @description The new key. It and the one before are valid until previous_ends_at. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description no-store: the answer holds a key. */
                    "cache-control": string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "8f14e45fceea167a",
                     *       "name": "loan-origination",
                     *       "role": "viewer",
                     *       "created_by": "3f6c2a10-5b1e-4c39-9d55-0a8e5b7d1f42",
                     *       "created_at": "2026-11-29T00:06:41.273Z",
                     *       "rotated_by": "b7d1f420-9d55-4c39-8e5b-3f6c2a105b1e",
                     *       "rotated_at": "2027-02-27T00:08:04.112Z",
                     *       "expires_at": "2027-05-28T00:08:04.112Z",
                     *       "expires_soon": false,
                     *       "status": "active",
                     *       "key": "acsnap_8f14e45fceea167a_6e6f74206120736563726574206569746865722c2033322062797465732e2e2e_e349f919",
                     *       "previous_ends_at": "2027-02-28T00:08:04.112Z"
                     *     }
                     */
                    "application/json": components["schemas"]["RotatedApiKey"];
                };
            };
            /** @description INVALID_ID: key_id is malformed. INVALID_REQUEST: A field is invalid or unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "previous_valid_hours",
                     *           "message": "previous_valid_hours must be an integer from 0 to 168."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin, or is not a person’s. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such API key. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This API key does not exist."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description QUOTA_EXCEEDED: Four secrets of the key are valid already. Retry-After says when the first of them ends. From the gateway: too many requests at once. */
            429: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description INTERNAL_SERVER_ERROR: Other calls changed the key at the same time. From the gateway: the function took too long. */
            503: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    /** @description Seconds. */
                    "retry-after"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an API key. */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Function instances that know the key refuse it within api_key_cache_seconds, others at once. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_ID: key_id is malformed. INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_ID",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "key_id",
                     *           "message": "key_id must be the id of an API key."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description FORBIDDEN: the token gives no role, or a lower one than admin, or is not a person’s. From the gateway: a token without a scope that this route accepts. */
            403: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            /** @description NOT_FOUND: There is no such API key. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "This API key does not exist."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    listAddresses: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The addresses, as paths on this host. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "service": "anycheck-snapshots",
                     *       "version": "1.0.0",
                     *       "addresses": {
                     *         "docs": "/docs",
                     *         "openapi": "/openapi.json",
                     *         "health": "/health",
                     *         "login": "/auth/login"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Addresses"];
                };
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "Accept-Encoding refuses zstd, br, gzip and the unencoded answer."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    listAddressesHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The addresses, as paths on this host. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    openapiDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.1",
                     *       "info": {
                     *         "title": "anycheck-snapshots",
                     *         "version": "1.0.0"
                     *       },
                     *       "paths": {}
                     *     }
                     */
                    "application/json": components["schemas"]["OpenApiDocument"];
                };
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "Accept-Encoding refuses zstd, br, gzip and the unencoded answer."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    openapiDocumentHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    docsPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. It loads files from this host only. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "Accept-Encoding refuses zstd, br, gzip and the unencoded answer."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    docsPageHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. It loads files from this host only. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    docsFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                file: "swagger-ui.css" | "page.css" | "swagger-ui-bundle.js" | "start.js";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A script or a style sheet. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /** @example .swagger-ui{…} */
                    "text/*": string;
                };
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description NOT_FOUND: The page has no such file. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "The page has no such file."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "Accept-Encoding refuses zstd, br, gzip and the unencoded answer."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    docsFileHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                file: "swagger-ui.css" | "page.css" | "swagger-ui-bundle.js" | "start.js";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A script or a style sheet. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for five minutes. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: The page has no such file. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    consolePage: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. It loads files from this host only. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description A cache revalidates each use. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html>… */
                    "text/html": string;
                };
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description A cache revalidates each use. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "Accept-Encoding refuses zstd, br, gzip and the unencoded answer."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    consolePageHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. It loads files from this host only. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description A cache revalidates each use. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description A cache revalidates each use. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    consoleFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /** @example 6f1d0c2a9b7e4f35.js */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A script or a style sheet. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for a year. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content: {
                    /** @example :root{…} */
                    "text/*": string;
                };
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for a year. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "The request is not valid.",
                     *       "errors": [
                     *         {
                     *           "field": "t",
                     *           "message": "t is unknown. The route takes no query parameters."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description NOT_FOUND: The page has no such file. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "NOT_FOUND",
                     *       "message": "The page has no such file."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error_code": "INVALID_REQUEST",
                     *       "message": "Accept-Encoding refuses zstd, br, gzip and the unencoded answer."
                     *     }
                     */
                    "application/json": components["schemas"]["Failure"];
                };
            };
            429: components["responses"]["Throttled"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] | components["schemas"]["GatewayFailure"];
                };
            };
            503: components["responses"]["Late"];
        };
    };
    consoleFileHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag. The answer is 304 if the file still has it. */
                "if-none-match"?: string;
                /** @description zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them. */
                "accept-encoding"?: string;
            };
            path: {
                /** @example 6f1d0c2a9b7e4f35.js */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A script or a style sheet. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for a year. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The file still has the ETag in If-None-Match. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description The weak ETag of this file. Send it as If-None-Match. */
                    etag: string;
                    /** @description Any cache may store the answer for a year. */
                    "cache-control": string;
                    /** @description The answer depends on Accept-Encoding. A compressed answer has Content-Encoding. */
                    vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: A query parameter is unknown. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description NOT_FOUND: The page has no such file. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer. */
            406: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: too many requests at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: a request line and headers over 10,240 bytes. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description INTERNAL_SERVER_ERROR: the service failed. From the gateway: the function failed, or API Gateway could not call it. */
            500: {
                headers: {
                    /** @description Identifies the call in the logs. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description From the gateway: the function took too long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    groupCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_Vy9DD2K1aP39sXJCvUwsaI",
                 *       "timestamp": "2026-11-29T00:06:41.333Z",
                 *       "type": "group.created",
                 *       "data": {
                 *         "result_id": "11111111-1111-4111-8111-111111111111",
                 *         "version": 1,
                 *         "previous_version": null,
                 *         "phase": "active",
                 *         "previous_phase": null,
                 *         "overall_status": "IN_PROGRESS",
                 *         "total": 3,
                 *         "status_counts": {
                 *           "COMPLETED": 2,
                 *           "IN_PROGRESS": 1
                 *         },
                 *         "transitions": [],
                 *         "transitions_truncated": false,
                 *         "transitions_left_out": 0,
                 *         "added": 3,
                 *         "removed": 0,
                 *         "changed": 0
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["VersionEvent"];
            };
        };
        responses: never;
    };
    groupUpdated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_NTLVA6a_9Al9q9tnyA13V6",
                 *       "timestamp": "2026-11-29T00:07:41.333Z",
                 *       "type": "group.updated",
                 *       "data": {
                 *         "result_id": "11111111-1111-4111-8111-111111111111",
                 *         "version": 2,
                 *         "previous_version": 1,
                 *         "phase": "settled",
                 *         "previous_phase": "active",
                 *         "overall_status": "COMPLETED",
                 *         "total": 3,
                 *         "status_counts": {
                 *           "COMPLETED": 3
                 *         },
                 *         "transitions": [
                 *           {
                 *             "verification_id": "6a447eab-5309-4fd0-8776-5ad202140b60",
                 *             "from": "IN_PROGRESS",
                 *             "to": "COMPLETED"
                 *           }
                 *         ],
                 *         "transitions_truncated": false,
                 *         "transitions_left_out": 0,
                 *         "added": 0,
                 *         "removed": 0,
                 *         "changed": 1
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["VersionEvent"];
            };
        };
        responses: never;
    };
    groupSettled: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_HSTj48BKvEJgJKp0S_Tc6V",
                 *       "timestamp": "2026-11-29T00:07:41.333Z",
                 *       "type": "group.settled",
                 *       "data": {
                 *         "result_id": "11111111-1111-4111-8111-111111111111",
                 *         "version": 2,
                 *         "previous_version": 1,
                 *         "phase": "settled",
                 *         "previous_phase": "active",
                 *         "overall_status": "COMPLETED",
                 *         "total": 3,
                 *         "status_counts": {
                 *           "COMPLETED": 3
                 *         },
                 *         "transitions": [
                 *           {
                 *             "verification_id": "6a447eab-5309-4fd0-8776-5ad202140b60",
                 *             "from": "IN_PROGRESS",
                 *             "to": "COMPLETED"
                 *           }
                 *         ],
                 *         "transitions_truncated": false,
                 *         "transitions_left_out": 0,
                 *         "added": 0,
                 *         "removed": 0,
                 *         "changed": 1
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["VersionEvent"];
            };
        };
        responses: never;
    };
    groupReopened: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_jY3h_DQWGweok9-jmeYHyP",
                 *       "timestamp": "2026-11-29T01:06:41.333Z",
                 *       "type": "group.reopened",
                 *       "data": {
                 *         "result_id": "11111111-1111-4111-8111-111111111111",
                 *         "version": 3,
                 *         "previous_version": 2,
                 *         "phase": "active",
                 *         "previous_phase": "settled",
                 *         "overall_status": "IN_PROGRESS",
                 *         "total": 3,
                 *         "status_counts": {
                 *           "COMPLETED": 2,
                 *           "IN_PROGRESS": 1
                 *         },
                 *         "transitions": [
                 *           {
                 *             "verification_id": "6a447eab-5309-4fd0-8776-5ad202140b60",
                 *             "from": "COMPLETED",
                 *             "to": "IN_PROGRESS"
                 *           }
                 *         ],
                 *         "transitions_truncated": false,
                 *         "transitions_left_out": 0,
                 *         "added": 0,
                 *         "removed": 0,
                 *         "changed": 1
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["VersionEvent"];
            };
        };
        responses: never;
    };
    groupErased: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_19Oe4X5-s0o6QelfEOSVFF",
                 *       "timestamp": "2026-11-29T01:36:41.333Z",
                 *       "type": "group.erased",
                 *       "data": {
                 *         "result_id": "11111111-1111-4111-8111-111111111111",
                 *         "version": 3
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ActEvent"];
            };
        };
        responses: never;
    };
    groupRedacted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_ci5WgBscTH3FOGI1RW4JdD",
                 *       "timestamp": "2026-11-29T01:16:41.333Z",
                 *       "type": "group.redacted",
                 *       "data": {
                 *         "result_id": "11111111-1111-4111-8111-111111111111",
                 *         "version": 3
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ActEvent"];
            };
        };
        responses: never;
    };
}
