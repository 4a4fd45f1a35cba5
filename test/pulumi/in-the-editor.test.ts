import * as path from "node:path";
import ts from "typescript";

/** What a program's author sees while writing: TypeScript's own language service is asked, as editors ask it. */

const ROOT = path.resolve(__dirname, "..", "..");
const FILE = path.join(__dirname, "program.ts");
const IMPORTS = `import { Provider, zstack, securitycenter } from "../../provider";\n`;

let text = "";
let version = 0;

const { config } = ts.readConfigFile(path.join(ROOT, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
  config: unknown;
};
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
const service = ts.createLanguageService({
  getScriptFileNames: () => [FILE],
  getScriptVersion: (file) => (file === FILE ? String(version) : "1"),
  getScriptSnapshot: (file) => {
    const content = file === FILE ? text : ts.sys.readFile(file);
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
  },
  getCurrentDirectory: () => ROOT,
  getCompilationSettings: () => ({ ...options, noEmit: true }),
  getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
  fileExists: (file) => file === FILE || ts.sys.fileExists(file),
  readFile: (file) => ts.sys.readFile(file),
  readDirectory: (...given) => ts.sys.readDirectory(...given),
  directoryExists: (folder) => ts.sys.directoryExists(folder),
  getDirectories: (folder) => ts.sys.getDirectories(folder),
});
afterAll(() => {
  service.dispose();
});

/** Opens a program; `|` is where the cursor stands. */
function open(statement: string): number {
  const cursor = statement.indexOf("|");
  text = IMPORTS + statement.replace("|", "");
  version += 1;
  return IMPORTS.length + cursor;
}

function completion(statement: string): string[] {
  const { entries = [] } = service.getCompletionsAtPosition(FILE, open(statement), {}) ?? {};
  return entries.map(({ name }) => name).sort();
}

function hover(statement: string): { shown: string; comment: string } {
  const info = service.getQuickInfoAtPosition(FILE, open(statement));
  return {
    shown: ts.displayPartsToString(info?.displayParts),
    comment: ts.displayPartsToString(info?.documentation),
  };
}

function errors(statement: string): string {
  open(statement);
  return service
    .getSemanticDiagnostics(FILE)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
    .join("\n");
}

const INSIDE = (endpoint: string): string =>
  `new zstack.NotificationChannel("ops", { endpoints: { duty: { ${endpoint} } } });`;
const OUTSIDE = (endpoint: string): string => `new zstack.DingTalkEndpoint("duty", { ${endpoint} });`;

test("completion offers the arguments and nothing else, inside a channel as outside", () => {
  const outside = completion(OUTSIDE("|"));
  expect(outside).toContain("webhookUrl");
  expect(outside).not.toContain("apply");
  expect(completion(INSIDE("|"))).toEqual(outside);
  const topic = completion(`new zstack.Topic("t", { | });`);
  expect(topic).toContain("locale");
  expect(completion(`new zstack.NotificationChannel("ops", { topic: { | }, endpoints: { } });`)).toEqual(
    topic,
  );
});

test("hover shows an argument's type and meaning, inside a channel as outside", () => {
  const outside = hover(OUTSIDE('web|hookUrl: "x"'));
  expect(outside.shown).toContain("webhookUrl: Input<string>");
  expect(outside.comment).toContain("access token");
  expect(hover(INSIDE('web|hookUrl: "x"'))).toEqual(outside);
});

test("hover shows an output's type and meaning", () => {
  expect(hover(`zstack.Topic.get("t", "id").uu|id;`)).toEqual({
    shown: expect.stringContaining("uuid: Output<string>") as string,
    comment: expect.stringContaining("The topic's uuid") as string,
  });
});

test.each([
  ["outside", OUTSIDE],
  ["inside a channel", INSIDE],
])("errors name the arguments and guess what was meant, %s", (_where, statement) => {
  expect(errors(statement('webhokUrl: "x"'))).toContain(
    "'webhokUrl' does not exist in type 'DingTalkEndpointArgs'. Did you mean to write 'webhookUrl'?",
  );
  expect(errors(statement(""))).toContain("DingTalkEndpointArgs");
  expect(errors(statement("webhookUrl: 3"))).toContain(
    "Type 'number' is not assignable to type 'Input<string>'.",
  );
});

test("what is missing is named with the arguments of every resource", () => {
  expect(errors(`new securitycenter.DingTalkRobot("r", {});`)).toContain(
    "Property 'webhookUrl' is missing in type '{}' but required in type 'DingTalkRobotArgs'.",
  );
  expect(errors(`new zstack.TopicSubscription("s", { topicUuid: "x" });`)).toContain(
    "required in type 'TopicSubscriptionArgs'",
  );
});

const PROVIDER = (settings: string): string => `new Provider("p", { ${settings} });`;

test("a Provider's settings are completed, shown and named like arguments", () => {
  const offered = completion(PROVIDER("zstack: { | }"));
  expect(offered).toEqual(expect.arrayContaining(["endpoint", "timezone", "caFile"]));
  expect(offered).not.toContain("apply");
  expect(hover(PROVIDER('zstack: { end|point: "x" }'))).toEqual({
    shown: expect.stringContaining("endpoint: Input<string>") as string,
    comment: expect.stringContaining("/zstack") as string,
  });
  expect(hover(PROVIDER('securitycenter: { ca|File: "x" }')).comment).toContain("PEM file");
  expect(hover(PROVIDER('securitycenter: { assumeRole: { role|Arn: "x" } }')).comment).toContain("acs:ram");
  expect(errors(PROVIDER('zstack: { endpont: "x" }'))).toContain(
    "'endpont' does not exist in type 'ZStackProviderArgs'. Did you mean to write 'endpoint'?",
  );
  expect(errors(PROVIDER("zstack: {}"))).toContain("required in type 'ZStackProviderArgs'");
  expect(errors(PROVIDER('securitycenter: { site: "moon" }'))).toContain('Input<"china" | "international">');
  expect(errors(PROVIDER('securitycenter: { assumeRole: { rolArn: "x" } }'))).toContain("AssumeRoleArgs");
});

test("what programs may write compiles", () => {
  const program = `
    const endpoint: zstack.DingTalkEndpoint = new zstack.DingTalkEndpoint("e", { webhookUrl: "x", atPersons: ["1"], adopt: { id: "x" } });
    const topic: zstack.Topic = new zstack.Topic("t");
    const seen: zstack.Topic[] = ([topic, endpoint] as unknown[]).filter(zstack.Topic.isInstance);
    new zstack.NotificationChannel("c", { topic, endpoints: { a: endpoint, b: endpoint.uuid, c: "x", d: { webhookUrl: "x" } }, alarms: { cpu: "x" } }).endpointUuids.apply(({ a }) => a);
    new Provider("p", {
      zstack: { endpoint: "x", accountName: "a", accountPassword: topic.uuid, requestTimeoutSeconds: 5 },
      securitycenter: { site: "china", assumeRole: { roleArn: topic.uuid }, insecureSkipVerify: true },
    });
    class Own extends zstack.DingTalkEndpoint { constructor(name: string) { super(name, { webhookUrl: "x" }); } }
    export const out = [seen, Own.get("o", "id"), new securitycenter.DingTalkRobot("r", { webhookUrl: "x" })];
  `;
  expect(errors(program)).toBe("");
  expect(
    errors(`new zstack.NotificationChannel("c", { endpoints: { a: new zstack.Topic("t") } });`),
  ).toContain("'Topic' is not assignable");
});
