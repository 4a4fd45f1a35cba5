import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start, type Emulator } from "../../emulator";
import type { ZStackSettings } from "../../provider/zstack/settings/settings";
import { uuidFromKey } from "../../provider/zstack/fields/uuids";
import * as api from "../../provider/zstack/api";
import { createAuthority } from "../support/certificates";
import { closedPort, startHttpServer } from "../support/local-server";
import { accessKeyOf, benchFor, failureOf, WEBHOOK, type Bench } from "../support/zstack";

const UUID = uuidFromKey("connection", 0);

// Nothing here waits; a busy machine may still be slow.
jest.setTimeout(30_000);

let emulator: Emulator;
let benches: Bench[] = [];

beforeAll(async () => {
  emulator = await start({ seed: 3, zstack: { locale: "en_US" } });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.zstack.endpoints.add({ uuid: UUID, name: "ops", url: WEBHOOK });
});
afterEach(async () => {
  await Promise.all(benches.map(({ connection }) => connection.close()));
  benches = [];
  emulator.reset();
});

function connect(more: Partial<ZStackSettings> = {}, to: Emulator = emulator): Bench {
  const bench = benchFor(to, more);
  benches.push(bench);
  return bench;
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const rename = ({ connection }: Bench, name: string) =>
  api.updateSNSDingTalkEndpoint(connection.client, UUID, { name });

describe("a session", () => {
  test("is not opened again by whoever comes after the end", async () => {
    const { connection } = connect();
    await connection.tenancy();
    await connection.close();
    await expect(connection.tenancy()).rejects.toMatchObject({ name: "NetworkError", code: "ABORTED" });
    expect(emulator.zstack.sessions.list()).toEqual([]);
    expect(emulator.journal.count("LogInByAccount")).toBe(1);
  });

  test("is made once, used by every call and given back at the end", async () => {
    const bench = connect();
    await Promise.all(times(20, (i) => rename(bench, `n${i}`)));
    await bench.connection.find(api.dingTalkEndpointsByUuid, UUID);
    expect(emulator.journal.count("LogInByAccount")).toBe(1);
    expect(emulator.zstack.sessions.size).toBe(1);
    await bench.connection.close();
    expect(emulator.zstack.sessions.size).toBe(0);
    expect(emulator.journal.count("LogOut")).toBe(1);
  });

  test("is not made for nothing, nor given back", async () => {
    const bench = connect();
    await bench.connection.ready();
    await bench.connection.close();
    expect(emulator.journal.operations()).toEqual(["GetVersion"]);
  });

  test("tells which account", async () => {
    expect(await connect().connection.tenancy()).toEqual({
      site: `${emulator.url}/zstack`,
      account: emulator.zstack.accountUuid,
    });
    expect(await connect({ credentials: accessKeyOf(emulator) }).connection.tenancy()).toEqual({
      site: `${emulator.url}/zstack`,
    });
  });

  test("that expired costs one login more, however many reads are refused at once", async () => {
    const { connection } = connect();
    await connection.find(api.dingTalkEndpointsByUuid, UUID);
    emulator.zstack.expireSessions();
    await Promise.all(times(20, () => api.dingTalkEndpointsByUuid.query(connection.client, [UUID])));
    expect(emulator.journal.count("LogInByAccount")).toBe(2);
  });

  test("that expired costs one login more, however many changes fail in their jobs", async () => {
    const bench = connect();
    await rename(bench, "before");
    emulator.zstack.expireSessions();
    await Promise.all(times(20, (i) => rename(bench, `n${i}`)));
    expect(emulator.journal.count("LogInByAccount")).toBe(2);
    expect(emulator.journal.entries.filter(({ status }) => status === 400)).toEqual([]);
  });

  test("that ends while changes and reads are mixed costs one login more", async () => {
    const bench = connect();
    await rename(bench, "before");
    emulator.zstack.faults.add({ operation: "UpdateSNSDingTalkEndpoint", fault: { kind: "expireSessions" } });
    await rename(bench, "after");
    expect(emulator.zstack.endpoints.get(UUID)?.name).toBe("after");
    expect(emulator.journal.count("LogInByAccount")).toBe(2);
  });

  test.each([
    [true, "x", "refused"],
    [false, "renamed", "taken"],
  ])("whose password is changed (that ends sessions: %s) renames to %s: %s", async (ends, name, outcome) => {
    emulator.zstack.switches.passwordChangeEndsSessions = ends;
    const [running, later] = [connect(), connect()];
    await rename(running, "x");
    emulator.zstack.changeCredentials({ accountPassword: "Emulator-2" });
    const error = await rename(running, "renamed").then(() => undefined, String);
    expect(error === undefined ? "taken" : "refused").toBe(outcome);
    expect(emulator.zstack.endpoints.get(UUID)?.name).toBe(name);
    expect(await failureOf(rename(later, "later"))).toMatchObject({ apiCode: "ID.1000" });
    await rename(connect(), "after");
    expect(emulator.zstack.endpoints.get(UUID)?.name).toBe("after");
  });

  test("that is refused again and again is an error that names the usual reason", async () => {
    const bench = connect();
    const fault = { kind: "expireSessions" } as const;
    emulator.zstack.faults.add({ operation: "UpdateSNSDingTalkEndpoint", fault, times: "always" });
    const error = await failureOf(rename(bench, "x"));
    expect(error.message).toMatch(
      /^UpdateSNSDingTalkEndpoint failed: ZStack no longer accepts the session, and a new one was refused as well\.\nAction: UpdateSNSDingTalkEndpoint\nCode: ID\.1001\nDetails: Session expired\nJob: [0-9a-f]{32}\nIf the installation allows one session per user, another login may be ending ours: use an access key, or an account of its own\.$/,
    );
    expect(emulator.journal.count("UpdateSNSDingTalkEndpoint")).toBe(2);
  });

  const WRONG = { kind: "account", name: "admin", password: "wr0ng-cAnArY" } as const;

  test("that is refused is asked for once, however many calls need it", async () => {
    const bench = connect({ credentials: WRONG });
    const failures = await Promise.all(
      times(20, (i) =>
        failureOf(
          i % 2 === 0 ? rename(bench, "x") : bench.connection.find(api.dingTalkEndpointsByUuid, UUID),
        ),
      ),
    );
    failures.push(await failureOf(rename(bench, "later")));
    expect(new Set(failures.map(({ message }) => message))).toEqual(
      new Set([
        "LogInByAccount failed: ZStack refused the login: account name or password is wrong.\n" +
          "Action: LogInByAccount\nCode: ID.1000\nDetails: wrong account name or password\n" +
          "Check zstack:accountName and zstack:accountPassword, or ZSTACK_ACCOUNT_NAME and ZSTACK_ACCOUNT_PASSWORD. The login was not repeated, because repeated failures can lock the account. After a rotation, plain `pulumi refresh` and `pulumi destroy` still use the password recorded in the stack: run `pulumi up` (with `--refresh=false` where the project always refreshes), or add `--run-program`.",
      ]),
    );
    expect(emulator.journal.count("LogInByAccount")).toBe(1);
    expect(emulator.journal.changing()).toEqual([]);
  });

  test("is asked for again when there was no answer", async () => {
    const bench = connect();
    emulator.zstack.faults.add({
      operation: "LogInByAccount",
      fault: { kind: "dropBeforeCommit" },
      times: 5,
    });
    expect(await failureOf(rename(bench, "x"))).toMatchObject({ name: "NetworkError" });
    await rename(bench, "y");
    expect(emulator.journal.count("LogInByAccount")).toBe(6);
  });

  test("is asked for no more often because a read needs it", async () => {
    const bench = connect();
    emulator.zstack.faults.add({
      operation: "LogInByAccount",
      fault: { kind: "dropBeforeCommit" },
      times: "always",
    });
    expect(await failureOf(bench.connection.find(api.dingTalkEndpointsByUuid, UUID))).toMatchObject({
      name: "NetworkError",
    });
    expect(emulator.journal.count("LogInByAccount")).toBe(5);
  });

  test("is not renewed for an access key, which has none", async () => {
    const bench = connect({ credentials: accessKeyOf(emulator) });
    await rename(bench, "x");
    expect(emulator.journal.count("LogInByAccount")).toBe(0);
    expect(new Set(emulator.journal.changing().map(({ auth }) => auth))).toEqual(new Set(["accessKey"]));
  });

  test.each<[Emulator["zstack"]["switches"]["loginControl"], string]>([
    ["disabled", "ID.1005"],
    ["secondFactor", "ID.2001"],
    ["passwordExpired", "LOGIN_CONTROL.1000"],
    ["locked", "LOGIN_CONTROL.1002"],
    ["captchaWrong", "LOGIN_CONTROL.1003"],
    ["addressRefused", "LOGIN_CONTROL.1004"],
    ["captchaMissing", "LOGIN_CONTROL.1005"],
  ])("that is refused because of %s is not asked for again", async (loginControl, apiCode) => {
    emulator.zstack.switches.loginControl = loginControl;
    expect(await failureOf(rename(connect(), "x"))).toMatchObject({ name: "ApiError", apiCode });
    expect(emulator.journal.count("LogInByAccount")).toBe(1);
  });
});

test("an account with too many sessions is told so, once", async () => {
  emulator.zstack.switches.maxSessions = 1;
  emulator.zstack.sessions.add({ accountUuid: emulator.zstack.accountUuid });
  expect(await failureOf(rename(connect(), "x"))).toMatchObject({ apiCode: "ID.1006" });
  expect(emulator.journal.count("LogInByAccount")).toBe(1);
});

describe("an access key", () => {
  const withKey = (more: Partial<ZStackSettings> = {}) =>
    connect({ credentials: accessKeyOf(emulator), ...more });

  test.each<[zone: string, checkTimeZone: boolean, epoch: string]>([
    ["Asia/Shanghai", false, "2024-01-15T03:00:00Z"],
    ["UTC", false, "2024-01-15T03:00:00Z"],
    ["America/New_York", false, "2024-01-15T03:00:00Z"],
    ["America/New_York", false, "2024-07-15T03:00:00Z"],
    ["Asia/Kathmandu", false, "2024-01-15T03:00:00Z"],
    ["Pacific/Auckland", false, "2024-01-15T03:00:00Z"],
    ["America/New_York", true, "2024-07-15T03:00:00Z"],
    ["Asia/Shanghai", true, "2024-01-15T03:00:00Z"],
  ])("finds the zone of a node in %s (zone compared: %s, %s)", async (timezone, checkTimeZone, epoch) => {
    Object.assign(emulator.zstack.switches, { timezone, checkTimeZone });
    // Our own clock says something else: only the server's time counts.
    emulator.clock.set(epoch);
    const bench = withKey();
    await Promise.all([rename(bench, "x"), bench.connection.find(api.dingTalkEndpointsByUuid, UUID)]);
    expect(emulator.zstack.endpoints.get(UUID)?.name).toBe("x");
    expect(emulator.journal.count("GetCurrentTime")).toBe(1);
  });

  test.each([
    ["Asia/Shanghai", "+08:00"],
    ["America/New_York", "America/New_York"],
    ["UTC", "GMT"],
  ])("signs at once for a node in %s when the setting says %s", async (zone, timezone) => {
    emulator.zstack.switches.timezone = zone;
    await rename(withKey({ timezone }), "x");
    expect(emulator.journal.entries.filter(({ status }) => status === 403)).toEqual([]);
  });

  const SKEWED =
    "UpdateSNSDingTalkEndpoint failed: the date of the signed request is more than 15 minutes away from the management node's local clock.\n" +
    "Action: UpdateSNSDingTalkEndpoint\nCode: ACCESS_KEY_TIME_SKEWED\n" +
    "Check the clocks of both machines, and set zstack:timezone to the management node's time zone, for example Asia/Shanghai.";

  test("is told of a wrong zone in the settings", async () => {
    const error = await failureOf(rename(withKey({ timezone: "America/New_York" }), "x"));
    expect(error.message).toBe(SKEWED);
  });

  test("signs with the server's clock when its own is wrong, also where the zone is given", async () => {
    emulator.clock.advance(3_600_000);
    await rename(withKey({ timezone: "Asia/Shanghai" }), "x");
    expect(emulator.journal.entries.filter(({ status }) => status === 403)).toEqual([]);
  });

  test("is told of a clock that is wrong where the server does not say its time", async () => {
    emulator.clock.advance(3_600_000);
    emulator.zstack.faults.add({
      operation: "GetCurrentTime",
      fault: { kind: "status", status: 404, body: "no api mapping to /v1/management-nodes/actions" },
      times: "always",
    });
    expect((await failureOf(rename(withKey({ timezone: "Asia/Shanghai" }), "x"))).message).toBe(SKEWED);
  });

  test.each<[string, string, string]>([
    ["unknown", "nobody", "ACCESS_KEY_UNKNOWN"],
    ["given with another secret", "", "ACCESS_KEY_SIGNATURE"],
  ])("that is %s is refused without another try", async (_what, id, apiCode) => {
    const { accessKeyId } = emulator.zstack;
    const credentials = { kind: "accessKey", id: id || accessKeyId, secret: "cAnArY" } as const;
    const error = await failureOf(rename(connect({ credentials }), "x"));
    expect(error).toMatchObject({ name: "ApiError", apiCode });
    expect(error.message).not.toContain("cAnArY");
    expect(emulator.journal.changing()).toEqual([]);
  });

  test("that may not query has still told the zone", async () => {
    emulator.zstack.switches.deniedOperations = ["QuerySNSDingTalkEndpoint"];
    await rename(withKey(), "x");
    expect(emulator.zstack.endpoints.get(UUID)?.name).toBe("x");
  });

  test("measures again when the measurement got no answer", async () => {
    const bench = withKey();
    emulator.zstack.faults.add({
      operation: "GetCurrentTime",
      fault: { kind: "dropBeforeCommit" },
      times: 5,
    });
    expect(await failureOf(rename(bench, "x"))).toMatchObject({ name: "NetworkError" });
    await rename(bench, "x");
  });
});

describe("before the first call", () => {
  const OLD = (version: string) =>
    `This package needs ZStack 5.0.0 or later.\nEndpoint: ${emulator.url}/zstack\nVersion: ${version}\n` +
    "Upgrade the management node: older versions can neither update a DingTalk endpoint nor keep its signing secret.";

  test.each(["4.8.0", "4.10.21", "3.10.38"])("a server of version %s is refused", async (version) => {
    emulator.zstack.switches.serverVersion = version;
    expect(await failureOf(connect().connection.ready())).toMatchObject({
      name: "ConfigError",
      message: OLD(version),
    });
    expect(emulator.journal.operations()).toEqual(["GetVersion"]);
  });

  test.each(["5.0.0", "5.1.8", "5.2.1", "5.3.20", "10.0.0"])(
    "a server of version %s is taken",
    async (version) => {
      emulator.zstack.switches.serverVersion = version;
      await expect(connect().connection.ready()).resolves.toBeUndefined();
    },
  );

  test.each(["zsphere-4", "", "5", "5.0"])(
    "a version that says %p is no reason to refuse",
    async (version) => {
      const body = JSON.stringify({ version });
      emulator.zstack.faults.add({ operation: "GetVersion", fault: { kind: "status", status: 200, body } });
      await expect(connect().connection.ready()).resolves.toBeUndefined();
    },
  );

  test("the version is asked for once, also when it failed the first time", async () => {
    const { connection } = connect();
    emulator.zstack.faults.add({ operation: "GetVersion", fault: { kind: "dropBeforeCommit" }, times: 5 });
    await failureOf(connection.ready());
    await Promise.all(times(5, () => connection.ready()));
    await connection.ready();
    expect(emulator.journal.count("GetVersion")).toBe(6);
  });

  test("a server that does not know the question is taken", async () => {
    const body = "no api mapping to /management-nodes/actions";
    emulator.zstack.faults.add({ operation: "GetVersion", fault: { kind: "status", status: 404, body } });
    await expect(connect().connection.ready()).resolves.toBeUndefined();
  });

  test("a server that is no ZStack is named", async () => {
    const server = await startHttpServer((_request, response) => response.end("<html>console</html>"));
    const error = await failureOf(connect({ endpoint: `${server.url}/zstack` }).connection.ready());
    await server.close();
    expect(error.message).toBe(
      `${server.url}/zstack does not answer like a ZStack API.\nAction: GetVersion\nStatus: 200\nAnswer: a web page\n` +
        "Check the endpoint: the API listens on port 8080 below /zstack by default, while ports 5000 and 5443 are the web console. A proxy or a login page in between gives the same picture.",
    );
  });
});

describe("reads in flight", () => {
  const queries = () => emulator.journal.filter({ operation: "QuerySNSDingTalkEndpoint" });
  const asked = () => queries().map(({ query }) => query["q"]?.[0]?.split(",").length);

  test("share one query", async () => {
    const uuids = times(50, (i) => uuidFromKey("many", i));
    for (const uuid of uuids) {
      emulator.zstack.endpoints.add({ uuid, name: uuid, url: WEBHOOK });
    }
    const { connection } = connect();
    const found = await Promise.all(uuids.map((uuid) => connection.find(api.dingTalkEndpointsByUuid, uuid)));
    expect(found.map((endpoint) => endpoint?.name)).toEqual(uuids);
    expect(asked()).toEqual([50]);
  });

  test("are split where the URL would get long", async () => {
    const { connection } = connect();
    const found = await Promise.all(
      times(250, (i) =>
        connection.find(api.dingTalkEndpointsByUuid, i === 249 ? UUID : uuidFromKey("many", i)),
      ),
    );
    expect(found.map((endpoint) => endpoint?.uuid).filter(Boolean)).toEqual([UUID]);
    expect(asked().sort()).toEqual([100, 100, 50]);
  });

  test("of tags share one query too", async () => {
    emulator.zstack.tags.add({ resourceUuid: UUID, tag: "mine" });
    const { connection } = connect();
    const [tags, none] = await Promise.all([
      connection.findAll(api.tagsByResource, UUID),
      connection.findAll(api.tagsByResource, uuidFromKey("no", 1)),
    ]);
    expect([tags.map(({ tag }) => tag), none]).toEqual([["mine"], []]);
    expect(emulator.journal.count("QueryUserTag")).toBe(1);
  });

  test("never see what was before a write that is done", async () => {
    const bench = connect();
    const before = await bench.connection.find(api.dingTalkEndpointsByUuid, UUID);
    await rename(bench, "after");
    const after = await bench.connection.find(api.dingTalkEndpointsByUuid, UUID);
    expect([before?.name, after?.name]).toEqual(["ops", "after"]);
  });

  test("that began before a write are not what is read after it", async () => {
    const bench = connect();
    await bench.connection.find(api.dingTalkEndpointsByUuid, UUID);
    let passed = (): void => undefined;
    const held = new Promise<void>((resolve) => (passed = resolve));
    let reached = (): void => undefined;
    const onTheWay = new Promise<void>((resolve) => (reached = resolve));
    emulator.zstack.faults.add({
      operation: "QuerySNSDingTalkEndpoint",
      then: () => {
        reached();
        return held;
      },
    });
    const early = bench.connection.find(api.dingTalkEndpointsByUuid, UUID);
    await onTheWay;
    await rename(bench, "after");
    const late = await bench.connection.find(api.dingTalkEndpointsByUuid, UUID);
    passed();
    expect([(await early)?.name, late?.name]).toEqual(["ops", "after"]);
  });

  test("fail together, and not for ever", async () => {
    const { connection } = connect();
    emulator.zstack.switches.deniedOperations = ["QuerySNSDingTalkEndpoint"];
    const failures = await Promise.all(
      times(3, () => failureOf(connection.find(api.dingTalkEndpointsByUuid, UUID))),
    );
    expect(failures.map(({ apiCode }) => apiCode)).toEqual(["ID.1002", "ID.1002", "ID.1002"]);
    emulator.zstack.switches.deniedOperations = [];
    expect((await connection.find(api.dingTalkEndpointsByUuid, UUID))?.name).toBe("ops");
  });

  test("are not spoiled by a malformed id among them", async () => {
    const { connection } = connect();
    const ids = ["a!=b", "it's", "a,b", "", "../x", UUID];
    const found = await Promise.all(ids.map((id) => connection.find(api.dingTalkEndpointsByUuid, id)));
    expect(found.map((endpoint) => endpoint?.uuid)).toEqual([...Array<undefined>(5), UUID]);
    expect(asked()).toEqual([1]);
  });

  test("leave one who waits no longer, and serve the others", async () => {
    const { connection } = connect();
    const abort = new AbortController();
    const reason = new Error("enough");
    const [impatient, patient] = [
      failureOf(connection.find(api.dingTalkEndpointsByUuid, UUID, abort.signal)),
      connection.find(api.dingTalkEndpointsByUuid, UUID),
    ];
    abort.abort(reason);
    expect(await impatient).toBe(reason);
    expect((await patient)?.name).toBe("ops");
  });
});

/** What there is to say about TLS and proxies is in test/core/http.test.ts; here it is that the settings get there. */
describe("the way to the server", () => {
  const authority = createAuthority();
  const folder = mkdtempSync(join(tmpdir(), "zstack-ca-"));
  const caFile = join(folder, "ca.pem");
  let secure: Emulator;

  beforeAll(async () => {
    writeFileSync(caFile, authority.cert);
    secure = await start({ tls: authority.issue(["localhost", "127.0.0.1"]) });
    secure.zstack.endpoints.add({ uuid: UUID, name: "secure", url: WEBHOOK });
  });
  afterAll(async () => {
    await secure.close();
    rmSync(folder, { recursive: true });
  });

  const readOver = async (transport: Partial<ZStackSettings["transport"]>, to = secure) => {
    const { connection } = connect({ transport: { requestTimeoutMs: 10_000, ...transport } }, to);
    return (await connection.find(api.dingTalkEndpointsByUuid, UUID))?.name;
  };

  test("is TLS with an authority of one's own", async () => {
    expect(await readOver({ caFile })).toBe("secure");
  });

  test("avoids the proxy where NO_PROXY says so", async () => {
    const proxy = `http://127.0.0.1:${await closedPort()}`;
    const before = process.env["NO_PROXY"];
    process.env["NO_PROXY"] = "127.0.0.0/8";
    try {
      expect(await readOver({ proxy }, emulator)).toBe("ops");
    } finally {
      if (before === undefined) {
        delete process.env["NO_PROXY"];
      } else {
        process.env["NO_PROXY"] = before;
      }
    }
    const error = await failureOf(readOver({ proxy }, emulator));
    expect(error.message).toContain(`through the proxy ${proxy}: the connection was refused`);
  });
});
