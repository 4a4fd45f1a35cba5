// @ts-check

/**
 * Small deliberate faults, each of a kind that would hurt a user. `npm run test:mutants` makes them one by one in a copy of the project and
 * runs the tests that are named: one of them must fail. So nobody can cut the tests down and lose what they prove.
 *
 * @typedef {object} Fault
 * @property {string} fault what is broken, in a few words
 * @property {string} file
 * @property {string} find the text that is replaced; it must stand in the file exactly once
 * @property {string} put what stands there instead
 * @property {readonly string[]} tests the test files that must notice, as jest patterns
 */

/** @type {readonly Fault[]} */
const FAULTS = [
  // Creating, and not losing what was created.
  {
    fault: "a create asks for a fresh uuid, so that a repeated one makes a twin",
    file: "provider/zstack/lifecycle/own-uuid.ts",
    find: "Array.from({ length: CANDIDATES }, (_, n) => uuidFromKey(key, n))",
    put: "Array.from({ length: CANDIDATES }, () => freshUuid())",
    tests: ["test/zstack/lifecycle"],
  },
  {
    fault: "an earlier attempt's object is not looked for",
    file: "provider/zstack/lifecycle/own-uuid.ts",
    find: "if (live === undefined || id === undefined) {",
    put: "if (live !== undefined || id === undefined) {",
    tests: ["test/zstack/lifecycle"],
  },
  {
    fault: "an object under our uuid is taken over whatever it is",
    file: "provider/zstack/lifecycle/own-uuid.ts",
    find: "if (agreeing >= needed) {",
    put: "if (agreeing >= 0) {",
    tests: ["test/zstack/lifecycle"],
  },
  {
    fault: "after a lost answer the server is not asked whether the object is there",
    file: "provider/zstack/lifecycle/own-uuid.ts",
    find: "if (live !== undefined && Object.values(making.likeness(live)).every(Boolean)) {",
    put: "if (false as boolean) {",
    tests: ["test/zstack/lifecycle"],
  },
  {
    fault: "a failure after the create loses the id",
    file: "provider/core/lifecycle/converge.ts",
    find: "throw new IncompleteError(task.id, state, [messageOf(failure)], failure);",
    put: "throw failure;",
    tests: ["test/core/converge"],
  },
  {
    fault: "what the server did not keep is not noticed",
    file: "provider/core/lifecycle/converge.ts",
    find: "if (changed.length > 0) {",
    put: "if (changed.length > 99) {",
    tests: ["test/core/converge"],
  },
  {
    fault: "an incomplete object is handed to the engine without its provider",
    file: "provider/pulumi/process/dynamic-front.ts",
    find: '__provider: given["__provider"],',
    put: "",
    tests: ["test/pulumi/dynamic-front"],
  },
  {
    fault: "a robot's create whose answer was lost counts as failed",
    file: "provider/securitycenter/lifecycle/new-robot.ts",
    find: "if (!isOutcomeUnknown(error) || !(error instanceof Error)) {",
    put: "if (error !== undefined) {",
    tests: ["test/securitycenter/(lifecycle|adoption|faults)"],
  },
  // Whose object it is.
  {
    fault: "an object that is not found in another installation counts as gone",
    file: "provider/core/lifecycle/tenancy.ts",
    find: "if (recorded === undefined || isSameTenancy(recorded, current)) {",
    put: "if (recorded === undefined || recorded !== current) {",
    tests: ["test/core/tenancy"],
  },
  {
    fault: "a robot of another account is taken for ours",
    file: "provider/securitycenter/lifecycle/own-tenancy.ts",
    find: "if (recorded.account !== undefined && account != null && account !== recorded.account) {",
    put: "if (false as boolean) {",
    tests: ["test/securitycenter/(lifecycle|adoption|faults)"],
  },
  {
    fault: "a robot of another site is taken for ours",
    file: "provider/securitycenter/lifecycle/own-tenancy.ts",
    find: "recorded.site !== current.site) {",
    put: "recorded.site === undefined) {",
    tests: ["test/securitycenter/(lifecycle|adoption|faults)"],
  },
  {
    fault: "two resources of a program may take one object",
    file: "provider/core/lifecycle/id-memory.ts",
    find: "if (this.isHeldByAnother(id, key)) {",
    put: "if (id === key) {",
    tests: ["test/core/id-memory"],
  },
  {
    fault: "an object is deleted that another resource stands for",
    file: "provider/core/lifecycle/id-memory.ts",
    find: "return others.length === 0;",
    put: "return true;",
    tests: ["test/core/id-memory", "test/pulumi/dynamic-front"],
  },
  {
    fault: "adoption overwrites what differs without being told to",
    file: "provider/core/lifecycle/adopt.ts",
    find: "const isFinished = changed.length === 0;",
    put: "const isFinished = changed.length < 99;",
    tests: ["test/core/adopt", "test/zstack/topic-adoption"],
  },
  {
    fault: "adoption takes one of several namesakes",
    file: "provider/core/lifecycle/adopt.ts",
    find: "if (matches.length > 1) {",
    put: "if (matches.length > 99) {",
    tests: ["test/core/adopt", "test/zstack/topic-adoption", "test/securitycenter/adoption"],
  },
  {
    fault: "adoption quotes a secret that differs",
    file: "provider/core/lifecycle/adopt.ts",
    find: "if (field?.secret === true || field?.personal === true) {",
    put: "if (field?.personal === true) {",
    tests: ["test/core/adopt", "test/zstack/lifecycle", "test/securitycenter/adoption"],
  },
  // What travels.
  {
    fault: "arguments of ZStack objects are not sent on create",
    file: "provider/zstack/lifecycle/sending.ts",
    find: "      inputs[name],",
    put: '      name === "name" ? inputs[name] : undefined,',
    tests: ["test/trust/every-field"],
  },
  {
    fault: "a topic's locale is not sent on update",
    file: "provider/zstack/resources/topic.ts",
    find: 'locale: { as: "locale", isAlready: (live, locale) => live.locale === locale },',
    put: 'locale: { onlyCreatedAs: "locale" },',
    tests: ["test/trust/every-field"],
  },
  {
    fault: "a secret that is declared no more stays on the endpoint",
    file: "provider/zstack/resources/dingtalk-endpoint.ts",
    find: 'secret: { as: "secret", cleared: "" },',
    put: 'secret: { as: "secret" },',
    tests: ["test/trust/every-field"],
  },
  {
    fault: "a robot's interval is not read back",
    file: "provider/securitycenter/resources/dingtalk-robot.ts",
    find: "notificationInterval: row.IntervalTime ?? 0,",
    put: "notificationInterval: known.notificationInterval ?? 0,",
    tests: ["test/securitycenter/(lifecycle|adoption|faults)"],
  },
  {
    fault: "a robot's cleared asset groups are not sent",
    file: "provider/securitycenter/resources/dingtalk-robot.ts",
    find: "live !== undefined || list.length > 0;",
    put: "list.length > 0;",
    tests: ["test/securitycenter/(lifecycle|adoption|faults)"],
  },
  {
    fault: "a person who is declared no more stays",
    file: "provider/zstack/fields/persons.ts",
    find: "await removeSNSDingTalkAtPerson(client, live.uuid, phoneNumber, ctx);",
    put: "",
    tests: ["test/zstack/lifecycle"],
  },
  {
    fault: "tags of others are taken away",
    file: "provider/zstack/lifecycle/tags.ts",
    find: "for (const tag of without(recorded.userTags, declared.userTags)) {",
    put: "for (const tag of without([...plain.keys()], declared.userTags)) {",
    tests: ["test/zstack/(lifecycle|topic-lifecycle)"],
  },
  {
    fault: "a tag that is declared no more stays",
    file: "provider/zstack/lifecycle/tags.ts",
    find: "await deleteTag(client, tagUuid, ctx);",
    put: "",
    tests: ["test/zstack/(lifecycle|topic-lifecycle)"],
  },
  {
    fault: "a change of order counts as a change",
    file: "provider/core/fields/diff.ts",
    find: "return field.type.equal(a, b);",
    put: "return isDeepStrictEqual(a, b);",
    tests: ["test/core/(diff|field|canonical)"],
  },
  {
    fault: "a read gives lists in another order than they were written down",
    file: "provider/core/fields/recorded-order.ts",
    find: "? type.inOrderOf(value, before)",
    put: "? value",
    tests: ["test/core/(ignored|field)", "test/pulumi/dynamic"],
  },
  {
    fault: "an unknown value counts as no change",
    file: "provider/core/fields/diff.ts",
    find: "if (containsUnknown(a) || containsUnknown(b)) {\n    return false;",
    put: "if (containsUnknown(a) || containsUnknown(b)) {\n    return true;",
    tests: ["test/core/diff"],
  },
  // Calls.
  {
    fault: "a write is repeated although the server may have executed it",
    file: "provider/zstack/transport/client.ts",
    find: 'isTransient: (error) => isNetworkTrouble(error) && error.outcome === "not-executed",',
    put: "isTransient: (error) => isNetworkTrouble(error),",
    tests: ["test/zstack/client"],
  },
  {
    fault: "a read is not repeated",
    file: "provider/zstack/transport/client.ts",
    find: "isTransient: (error) => isNetworkTrouble(error) || isApiFailure(error, ...BUSY_CODES),",
    put: "isTransient: () => false,",
    tests: ["test/zstack/client"],
  },
  {
    fault: "an expired session is not renewed",
    file: "provider/zstack/transport/session.ts",
    find: "      this.current = undefined;\n    }\n    await this.session();",
    put: "    }\n    await this.session();",
    tests: ["test/zstack/connection", "test/zstack/client"],
  },
  {
    fault: "the password is sent in clear",
    file: "provider/zstack/transport/session.ts",
    find: "this.calls.logIn(this.accountName, sha512Hex(this.password))",
    put: "this.calls.logIn(this.accountName, this.password)",
    tests: ["test/zstack/connection", "test/zstack/client"],
  },
  {
    fault: "a session is not given back",
    file: "provider/zstack/transport/session.ts",
    find: "await this.calls.logOut(session.uuid);",
    put: "",
    tests: ["test/zstack/connection"],
  },
  {
    fault: "a retried call does not wait as long as the server asked",
    file: "provider/core/transport/retry.ts",
    find: "policy.retryAfterMs?.(error) ?? jittered",
    put: "jittered",
    tests: ["test/core/waiting", "test/zstack/client"],
  },
  {
    fault: "a retried call goes on after its deadline",
    file: "provider/core/transport/retry.ts",
    find: "scope.clock.now() + delayMs > scope.deadlineMs",
    put: "scope.clock.now() + delayMs < 0",
    tests: ["test/core/waiting", "test/zstack/client"],
  },
  {
    fault: "a job is waited for beyond its deadline",
    file: "provider/core/polling.ts",
    find: "scope.deadlineMs",
    put: "(scope.deadlineMs + 1e9)",
    tests: ["test/core/waiting"],
  },
  {
    fault: "the path of a request is normalised, so that its signature no longer fits",
    file: "provider/core/transport/http.ts",
    find: "path: prefix + target.pathAndQuery, call };",
    put: "call };",
    tests: ["test/core/http"],
  },
  {
    fault: "a certificate is not checked",
    file: "provider/core/transport/http.ts",
    find: "verifyService: insecureSkipVerify !== true,",
    put: "verifyService: insecureSkipVerify === undefined && caFile === undefined,",
    tests: ["test/core/http"],
  },
  // Secrets.
  {
    fault: "a known secret is not masked",
    file: "provider/core/redact.ts",
    find: "return redact(text.replace(known, MASK));",
    put: "return redact(text);",
    tests: ["test/core/redact"],
  },
  {
    fault: "secrets are stored in clear",
    file: "provider/pulumi/process/stored-form.ts",
    find: "? secretEnvelope(value)",
    put: "? value",
    tests: ["test/pulumi/dynamic-front"],
  },
  {
    fault: "a failure is not masked",
    file: "provider/pulumi/process/dynamic-front.ts",
    find: "const message = this.host.redact(messageOf(error));",
    put: "const message = messageOf(error);",
    tests: ["test/pulumi/dynamic-front"],
  },
  {
    fault: "secret values from the server are not learnt",
    file: "provider/pulumi/process/dynamic-front.ts",
    find: "this.host.addSecrets(this.stored.secretsIn(state, bags?.today));",
    put: "",
    tests: ["test/pulumi/dynamic-front"],
  },
  {
    fault: "a secret argument reaches the engine unmarked",
    file: "provider/pulumi/program/argument-values.ts",
    find: "return field?.secret === true ? pulumi.secret(prepare(given)) : prepareLate(given, prepare, field);",
    put: "return prepareLate(given, prepare, field);",
    tests: ["test/pulumi/managed-resource"],
  },
  // The engine.
  {
    fault: "the engine is told of positions to ignore",
    file: "provider/pulumi/program/resource-class.ts",
    find: "const ignoreChanges = paths.filter((path) => !isByPosition(path));",
    put: "const ignoreChanges = paths;",
    tests: ["test/pulumi/managed-resource"],
  },
  {
    fault: "what a parent's transformation adds is not seen",
    file: "provider/pulumi/program/last-transformation.ts",
    find: "[...list.filter((one) => !isLast(one)), ...list.filter(isLast)]",
    put: "[...list]",
    tests: ["test/pulumi/managed-resource"],
  },
  {
    fault: "a replacement is made before its predecessor is gone",
    file: "provider/pulumi/program/resource-class.ts",
    find: "deleteBeforeReplace: true,",
    put: "",
    tests: ["test/pulumi/managed-resource"],
  },
  {
    fault: "a resource that is gone is still reported by a refresh",
    file: "provider/pulumi/process/dynamic-front.ts",
    find: 'return { id: "", props: {} };',
    put: "return { id, props };",
    tests: ["test/pulumi/dynamic-front"],
  },
  {
    fault: "a read-only resource is deleted when it leaves the program",
    file: "provider/pulumi/program/resource-class.ts",
    find: "...(opts.id === undefined ? {} : { get: true as const }),",
    put: "",
    tests: ["test/pulumi/managed-resource"],
  },
  {
    fault: "an old release's bag is not read",
    file: "provider/pulumi/hidden-bag.ts",
    find: "v: z.number(),",
    put: "v: z.literal(2),",
    tests: ["test/pulumi/wire"],
  },
];

module.exports = { FAULTS };
