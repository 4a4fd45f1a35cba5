import { createHash } from "node:crypto";
import type { Emulator, SecurityCenterFault, TransportFault, ZStackFault } from "../../emulator";
import { start } from "../../emulator";
import {
  type Bag,
  type ProviderCallError,
  type ProviderProcess,
  secret,
  SecretValue,
  startProviderProcess,
} from "../engine/provider-process";
import { startForwardProxy } from "../support/forward-proxy";
import { publishFigures } from "./report";
import { echoOf, Planted } from "./support/planted";

jest.setTimeout(120_000);

const token = (n: string): string => `c4n4ry${createHash("sha256").update(n).digest("hex")}`;
const stubOf = (name: string): string =>
  `exports.handler=()=>{try{return require("pulumi-dingtalk/runtime").resource("${name}")}` +
  'catch(e){if(e.code=="MODULE_NOT_FOUND")e.message=e.stack="pulumi-dingtalk must be a direct dependency of this Pulumi project: ' +
  'npm install pulumi-dingtalk";throw e}}';

const planted = new Planted();
const webhook = (n: string): string =>
  planted.plant(`webhook ${n}`, `https://oapi.dingtalk.com/robot/send?access_token=${token(n)}`, token(n));
/** Nothing in its form tells that it is a secret. */
const relay = (n: string): string =>
  planted.plant(`relay ${n}`, `https://relay.corp.example/hooks/${token(n)}?to=duty`, token(n));

const OLD = {
  webhookUrl: webhook("old"),
  secret: planted.plant("old secret", `SEC${token("old secret").slice(6)}`),
};
const NEW = { webhookUrl: relay("new"), secret: planted.plant("new secret", `"S/${token("new")}+&=\\ %41`) };
const SHOWN = {
  url: relay("changed on the server"),
  secret: planted.plant("secret of the server", token("its own")),
};
const PASSWORD = planted.plant("password", `pa"ss/${token("password").slice(0, 24)} &=+`);
const HASH = planted.plant("hash of the password", createHash("sha512").update(PASSWORD).digest("hex"));
const KEY_SECRET = planted.plant("access key secret", token("zstack key").slice(0, 40));
const PROXY_PASSWORD = planted.plant("password of the proxy", token("proxy").slice(0, 30));

type Fault = TransportFault | ZStackFault | SecurityCenterFault;
/** What goes wrong on both sides; `secrets` are all that the server knows. */
interface Trouble {
  zstack(secrets: string[]): Fault;
  securitycenter(secrets: string[]): Fault;
  /** Whether the server's words reach the reader, so that something must have been masked. */
  isQuoted?: true;
}

const both = (fault: (secrets: string[]) => TransportFault, more: Partial<Trouble> = {}): Trouble => ({
  zstack: fault,
  securitycenter: fault,
  ...more,
});
const status = (code: number, body: (echo: string) => string, headers = {}): Trouble =>
  both((secrets) => ({ kind: "status", status: code, body: body(echoOf(...secrets)), headers }));

/** As Alibaba Cloud answers a wrong signature: with the whole text that it signed. */
const stringToSign = (secrets: readonly string[]): string =>
  "Specified signature is not matched with our calculation. server string to sign is:" +
  `POST&%2F&${encodeURIComponent(secrets.map((one, n) => `P${n}=${encodeURIComponent(one)}`).join("&"))}`;

const nested = (code: string, details: string): string =>
  JSON.stringify({
    error: { code, description: details, details: "outer", cause: { code, details, description: details } },
  });

const TROUBLES: Record<string, Trouble> = {
  "a refusal whose details repeat everything": {
    zstack: (all) => ({ kind: "status", status: 503, body: nested("SYS.1007", echoOf(...all)) }),
    securitycenter: (all) => ({ kind: "apiError", code: "IllegalParam", message: echoOf(...all) }),
    isQuoted: true,
  },
  "a wrong signature whose text holds the string to sign": {
    zstack: (all) => ({ kind: "status", status: 403, body: `wrong signature: ${stringToSign(all)}` }),
    securitycenter: (all) => ({
      kind: "apiError",
      code: "SignatureDoesNotMatch",
      message: stringToSign(all),
    }),
  },
  "codes and ids that are secrets": {
    zstack: ([first = ""]) => ({ kind: "status", status: 503, body: nested(first, "no") }),
    securitycenter: ([first = ""]) => ({ kind: "apiError", code: first, message: "no" }),
    isQuoted: true,
  },
  "a job that ends with the secrets": {
    zstack: (all) => ({ kind: "jobFails", code: "SYS.1006", details: echoOf(...all) }),
    securitycenter: (all) => ({
      kind: "apiError",
      code: "ServerError",
      status: 500,
      message: echoOf(...all),
    }),
    isQuoted: true,
  },
  "a failure inside a 200": {
    zstack: (all) => ({ kind: "status", status: 200, body: nested("SYS.1006", echoOf(...all)) }),
    securitycenter: (all) => ({
      kind: "apiError",
      status: 200,
      code: "IllegalParam",
      message: echoOf(...all),
    }),
    isQuoted: true,
  },
  "a line of text that is cut in the middle of a secret": both((all) => ({
    kind: "status",
    status: 400,
    // 300 characters are quoted; whatever the encoding, one of the secrets lies across that border.
    body: `${"x ".repeat(125)}${all.at(-1) ?? ""}`,
  })),
  "an XML error": status(
    400,
    (echo) => `<Error><Code>Refused</Code><Message>${echo.replaceAll("<", "")}</Message></Error>`,
  ),
  "a web page": status(200, (echo) => `<html><body>${echo}</body></html>`),
  "a broken web page of a proxy": status(502, (echo) => `<html>${echo}</html>`),
  "text without a form": status(401, (echo) => echo),
  "JSON of another kind": status(200, (echo) =>
    JSON.stringify({ inventories: [{ uuid: echo }], List: echo }),
  ),
  "a redirect with secrets in its address": both((all) => ({
    kind: "redirect",
    location: `https://elsewhere.example/?next=${encodeURIComponent(all.join(" "))}&SendUrl=${encodeURIComponent(OLD.webhookUrl)}`,
  })),
  "an answer that is cut off": both(() => ({ kind: "truncated" })),
  "a dropped connection": both(() => ({ kind: "dropAfterCommit" })),
  "no answer in time": both(() => ({ kind: "slow" })),
};

interface Ran {
  /** Everything that came out of the process. */
  text: string;
  errors: ProviderCallError[];
}

const running: { dispose(): Promise<void> }[] = [];
afterAll(() => Promise.all(running.map((one) => one.dispose())));

async function emulated(): Promise<Emulator> {
  const emulator = await start({
    zstack: { accountPassword: PASSWORD, accessKeySecret: KEY_SECRET },
    securitycenter: { accessKeySecret: KEY_SECRET },
  });
  running.push({ dispose: () => emulator.close() });
  return emulator;
}

async function provider(config: Bag, env: Record<string, string> = {}): Promise<ProviderProcess> {
  const one = await startProviderProcess({ env });
  running.push(one);
  await one.configure(config);
  return one;
}

const TIMEOUTS = { create: 2, update: 2, delete: 2 };
const declared = (cloud: "zstack" | "securitycenter", name: string, args: object): Bag => ({
  name,
  ...args,
  __dingtalk: { v: 1, key: createHash("sha256").update(name).digest("hex"), name, timeouts: TIMEOUTS },
  __provider: stubOf(cloud === "zstack" ? "zstack:DingTalkEndpoint" : "securitycenter:DingTalkRobot"),
});
const enveloped = (args: object): Bag =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, secret(value)]));
/** What is readable of a reply: all that is not in Pulumi's envelope. */
const readable = (reply: unknown): string =>
  JSON.stringify(reply, (_key, value: unknown) => (value instanceof SecretValue ? "[secret]" : value));

/** Every operation of both resources, together. */
async function everyOperation(process: ProviderProcess, uuid: string, robotId: string): Promise<Ran> {
  const errors: ProviderCallError[] = [];
  const replies: unknown[] = [];
  const run = (work: Promise<unknown>): Promise<void> =>
    work.then(
      (reply) => void replies.push(reply),
      (error: ProviderCallError) => void errors.push(error),
    );
  const rules = [{ type: "hc", conditions: { item_level: ["high"] } }];
  await Promise.all(
    (["zstack", "securitycenter"] as const).flatMap((cloud) => {
      const id = cloud === "zstack" ? uuid : robotId;
      const more =
        cloud === "zstack" ? { atAll: false, enabled: true } : { alertRules: rules, enabled: true };
      const pick = ({ webhookUrl, secret: signing }: typeof OLD): Bag =>
        enveloped(cloud === "zstack" ? { webhookUrl, secret: signing } : { webhookUrl });
      const old = declared(cloud, "duty", { ...more, ...pick(OLD) });
      const edited = declared(cloud, "duty", { ...more, ...pick(NEW), enabled: false });
      return [
        run(process.create(declared(cloud, "first", { ...more, ...pick(OLD) }))),
        run(process.create(declared(cloud, "second", { ...more, ...pick(NEW) }))),
        run(process.read(id, old)),
        run(process.update(id, old, edited)),
        run(process.delete(id, old)),
      ];
    }),
  );
  const said = errors.map((error) => [error.message, error.stack, readable(error.initFailed)].join("\n"));
  const text = [process.stdout, process.stderr, readable(process.logs), readable(replies), ...said].join(
    "\n",
  );
  return { text, errors };
}

async function inTrouble(trouble: Trouble): Promise<Ran> {
  const emulator = await emulated();
  const keys = emulator.securitycenter.issueStsToken();
  planted.plant("STS secret", keys.accessKeySecret);
  planted.plant("STS token", keys.securityToken);
  const { china } = emulator.securitycenter;
  const process = await provider(
    {
      "zstack:jobTimeoutSeconds": "1",
      "zstack:requestTimeoutSeconds": "1",
      "securitycenter:site": "china",
      "securitycenter:endpoint": china.url,
      "securitycenter:requestTimeoutSeconds": "1",
      "alicloud:accessKey": keys.accessKeyId,
      "alicloud:secretKey": keys.accessKeySecret,
      "alicloud:securityToken": keys.securityToken,
    },
    {
      ZSTACK_ENDPOINT: emulator.url,
      ZSTACK_ACCOUNT_NAME: emulator.zstack.accountName,
      ZSTACK_ACCOUNT_PASSWORD: PASSWORD,
    },
  );
  const { uuid } = emulator.zstack.endpoints.add({ type: "DingTalk", ...SHOWN });
  const id = String(china.robots.add({ actionName: "duty", url: SHOWN.url }).id);
  // Logs in, and shows the process what somebody set on the servers.
  await process.read(uuid, declared("zstack", "duty", {}));
  await process.read(id, declared("securitycenter", "duty", {}));
  const [session] = emulator.zstack.sessions.list();
  if (session === undefined) {
    throw new Error("the process did not log in");
  }
  planted.plant("session", session.uuid);
  const known = [
    HASH,
    session.uuid,
    OLD.secret,
    NEW.secret,
    SHOWN.secret,
    PASSWORD,
    SHOWN.url,
    OLD.webhookUrl,
  ];
  const ofZStack = [...known, NEW.webhookUrl];
  const ofCloud = [keys.accessKeySecret, keys.securityToken, SHOWN.url, OLD.webhookUrl, NEW.webhookUrl];
  emulator.zstack.faults.add({ times: "always", fault: trouble.zstack(ofZStack) as ZStackFault });
  china.faults.add({ times: "always", fault: trouble.securitycenter(ofCloud) as SecurityCenterFault });
  return everyOperation(process, uuid, id);
}

test("a planted secret is found in every form in which it is looked for", () => {
  const value = `${token("probe")}"/ `;
  const own = new Planted();
  own.plant("probe", value);
  for (const form of [
    value,
    encodeURIComponent(value),
    encodeURIComponent(encodeURIComponent(value)),
    JSON.stringify(JSON.stringify(value)),
    Buffer.from(value).toString("base64"),
    value.slice(20, 40),
  ]) {
    expect(own.foundIn(`before ${form} after`)).not.toEqual([]);
  }
  expect(own.foundIn("before [redacted] after")).toEqual([]);
});

const runs: Record<string, Ran> = {};

describe("nothing that the provider process prints or answers holds a secret in clear", () => {
  beforeAll(async () => {
    await Promise.all(
      Object.entries(TROUBLES).map(async ([name, trouble]) => {
        runs[name] = await inTrouble(trouble);
      }),
    );
  });

  test.each(Object.entries(TROUBLES))("in %s", (name, { isQuoted }) => {
    const { text, errors } = runs[name] ?? { text: "", errors: [] };
    expect(planted.foundIn(text)).toEqual([]);
    expect(errors.length).toBeGreaterThan(0);
    if (isQuoted) {
      expect(text.includes("[redacted]")).toBe(true);
    }
  });
});

test("in no trouble is a secret told", () => {
  const texts = Object.values(runs).map(({ text }) => text);
  expect(texts).toHaveLength(Object.keys(TROUBLES).length);
  expect(texts.flatMap((text) => planted.foundIn(text))).toEqual([]);
  publishFigures("canary-process", { troubles: texts.length });
});

describe("nothing of the settings is told", () => {
  const config = (emulator: Emulator, more: Bag): Bag => ({
    "zstack:endpoint": emulator.url,
    "zstack:accessKeyId": emulator.zstack.accessKeyId,
    "zstack:accessKeySecret": KEY_SECRET,
    "zstack:timezone": "Asia/Shanghai",
    "zstack:jobTimeoutSeconds": "1",
    "securitycenter:site": "china",
    "securitycenter:endpoint": emulator.securitycenter.china.url,
    "alicloud:accessKey": emulator.securitycenter.accessKeyId,
    "alicloud:secretKey": KEY_SECRET,
    ...more,
  });

  test("by a server that refuses every connection", async () => {
    const emulator = await emulated();
    const refused = await provider(config(emulator, {}));
    await emulator.close();
    const { text, errors } = await everyOperation(refused, "0".repeat(32), "1001");
    expect(errors).toHaveLength(10);
    expect(text.includes("the connection was refused")).toBe(true);
    expect(planted.foundIn(text)).toEqual([]);
  });

  test("by a proxy that repeats what it was sent, and its own password", async () => {
    const emulator = await emulated();
    const proxy = await startForwardProxy();
    running.push({ dispose: () => proxy.close() });
    const url = new URL(proxy.url);
    url.username = "robot";
    url.password = PROXY_PASSWORD;
    const basic = Buffer.from(`robot:${PROXY_PASSWORD}`).toString("base64");
    planted.plant("proxy authorization", basic);
    const behind = await provider(
      config(emulator, { "zstack:proxy": url.href, "securitycenter:proxy": url.href }),
    );
    const echo = { kind: "status", status: 400, body: echoOf(PROXY_PASSWORD, basic).slice(0, 290) } as const;
    emulator.zstack.faults.add({ times: "always", fault: echo });
    emulator.securitycenter.china.faults.add({
      times: "always",
      fault: { kind: "apiError", code: "Refused", message: echoOf(PROXY_PASSWORD, basic, KEY_SECRET) },
    });
    const { text, errors } = await everyOperation(behind, "0".repeat(32), "1001");
    expect(errors).toHaveLength(10);
    expect(planted.foundIn(text)).toEqual([]);
    expect(/Details: .*\[redacted\]/.test(text)).toBe(true);
  });

  test.each<[string, Bag]>([
    ["an address with credentials in it", { "zstack:endpoint": `http://admin:${KEY_SECRET}@127.0.0.1:1` }],
    [
      "a secret in the place of an address",
      { "zstack:endpoint": KEY_SECRET, "securitycenter:endpoint": KEY_SECRET },
    ],
    ["a secret in the place of a number", { "zstack:jobTimeoutSeconds": KEY_SECRET }],
    ["a secret in the place of a site", { "securitycenter:site": KEY_SECRET }],
    ["a secret in the place of a proxy", { "zstack:proxy": KEY_SECRET, "securitycenter:proxy": KEY_SECRET }],
    ["a secret in the place of a file", { "zstack:caFile": KEY_SECRET, "securitycenter:caFile": KEY_SECRET }],
    ["half a pair", { "zstack:accessKeyId": "", "alicloud:accessKey": "" }],
    [
      "a key with a line break",
      { "alicloud:accessKey": `${KEY_SECRET}\n1`, "zstack:accessKeyId": `${KEY_SECRET}\n1` },
    ],
  ])("by %s", async (_name, wrong) => {
    const emulator = await emulated();
    const misled = await provider(config(emulator, wrong));
    const { text, errors } = await everyOperation(misled, "0".repeat(32), "1001");
    expect(errors.length).toBeGreaterThan(0);
    expect(planted.foundIn(text)).toEqual([]);
  });

  test("by checks that refuse secret fields", async () => {
    const checker = await provider({});
    const values: Bag[] = [
      { webhookUrl: `${OLD.webhookUrl} x` },
      { webhookUrl: `${OLD.webhookUrl},${OLD.webhookUrl}` },
      { webhookUrl: token("no address") },
      { webhookUrl: `https://me:${token("no address")}@oapi.dingtalk.com/?access_token=a` },
      { webhookUrl: `${OLD.webhookUrl}${"x".repeat(1100)}` },
      { webhookUrl: `${OLD.webhookUrl}&sign=${token("no address")}` },
      { webhookUrl: [OLD.webhookUrl] },
      { webhookUrl: { url: OLD.webhookUrl } },
      { webhookUrl: OLD.webhookUrl, secret: NEW.secret.repeat(3) },
      { webhookUrl: OLD.webhookUrl, secret: [NEW.secret] },
      { webhookUrl: OLD.webhookUrl.split("?")[0], secret: OLD.secret },
      { webhookURL: OLD.webhookUrl, Secret: OLD.secret },
    ];
    planted.plant("no address", token("no address"));
    const told: string[] = [];
    for (const cloud of ["zstack", "securitycenter"] as const) {
      for (const value of values) {
        // Robots have webhooks of any length.
        const isLong = cloud === "securitycenter" && JSON.stringify(value).length > 1000;
        if (isLong) {
          continue;
        }
        const { failures } = await checker.check({}, declared(cloud, "duty", enveloped(value)));
        expect([cloud, Object.keys(value), failures.length]).not.toContain(0);
        told.push(JSON.stringify(failures));
      }
    }
    const text = [...told, checker.stdout, checker.stderr, readable(checker.logs)].join("\n");
    expect(planted.foundIn(text)).toEqual([]);
  });
});
