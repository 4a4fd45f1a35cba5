import { start, type Emulator, type FaultRule, type SecurityCenterFault } from "../../emulator";
import { benchFor, creates, driftOf, failureOf, inputsOf, type Bench } from "../support/securitycenter";

let emulator: Emulator;
let bench: Bench;

beforeEach(async () => {
  emulator = await start({
    seed: 8,
    realTime: () => (bench as Bench | undefined)?.clock.now() ?? Date.now(),
  });
});
afterEach(() => emulator.close());
beforeEach(() => {
  bench = benchFor(emulator);
});
afterEach(async () => {
  expect(emulator.journal.count("DingTalkOnlineTest")).toBe(0);
  const nonces = emulator.journal.entries.map((entry) => entry.details?.["nonce"]);
  expect(new Set(nonces).size).toBe(nonces.length);
  await bench.connection.close();
});

type Rule = FaultRule<SecurityCenterFault>;
type Trouble = NonNullable<Rule["fault"]>;

/** What a gateway on the way answers when it cannot reach the service. */
const HTML_502 = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
const WRITES = ["CreateOrUpdateDingTalk", "ModifyDingTalkStatus", "DeleteDingTalk"];

/** What certainly was not executed. */
const HARMLESS: readonly (readonly [string, Trouble])[] = [
  ["throttled with 400", { kind: "throttled" }],
  ["throttled with 429", { kind: "throttled", status: 429 }],
  ["throttled with 503", { kind: "throttled", status: 503, code: "Throttling.Api" }],
  ["asked to come back in an hour", { kind: "throttled", retryAfterMs: 3_600_000 }],
  ["throttled in a 200", { kind: "apiError", status: 200, code: "Throttling.User" }],
  ["told that its nonce was used", { kind: "apiError", status: 400, code: "SignatureNonceUsed" }],
  ["stopped by a rate limiter on the way", { kind: "status", status: 429 }],
];

/** What may have been executed. */
const LOST: readonly (readonly [string, Trouble])[] = [
  ["lost after it was executed", { kind: "dropAfterCommit" }],
  [
    "answered with 500 after it was executed",
    { kind: "apiError", status: 500, code: "ServerError", committed: true },
  ],
  [
    "answered with 503 after it was executed",
    { kind: "apiError", status: 503, code: "ServiceUnavailable", committed: true },
  ],
  [
    "answered with a 200 and a code after it was executed",
    { kind: "apiError", status: 200, code: "InnerError", committed: true },
  ],
  ["answered with a proxy's page after it was executed", { kind: "status", status: 502, committed: true }],
  ["answered with half a JSON", { kind: "truncated" }],
  [
    "answered with half a JSON in whole HTTP",
    { kind: "status", status: 200, body: '{"RequestId":"76975B7A', committed: true },
  ],
];

/** What was not executed, without saying so. */
const DROPPED: readonly (readonly [string, Trouble])[] = [
  ["dropped", { kind: "dropBeforeCommit" }],
  ["answered with 500", { kind: "apiError", status: 500, code: "ServerError" }],
  ["answered with 503", { kind: "apiError", status: 503, code: "ServiceUnavailable" }],
  ["answered with a proxy's page", { kind: "status", status: 502, body: HTML_502 }],
];

describe("a whole life makes one robot and leaves none", () => {
  async function live(): Promise<void> {
    const inputs = inputsOf({ enabled: false });
    const { id, state } = await bench.create(inputs);
    expect(driftOf(state, inputs, id)).toEqual([]);
    const next = inputsOf({ language: "en" });
    const updated = await bench.update(id, state, next);
    expect(driftOf(updated, next, id)).toEqual([]);
    expect(driftOf(await bench.read(id, updated), next, id)).toEqual([]);
    expect(bench.site.robots.row(id)).toMatchObject({ dingTalkLang: "en", status: 1 });
    await bench.remove(id);
    expect(bench.site.robots.size).toBe(0);
  }

  test.each(HARMLESS)("when every second call is %s", async (_label, fault) => {
    bench.site.faults.add({ every: 2, fault });
    await live();
    expect(bench.site.robots.size).toBe(0);
  });

  test.each([...LOST, ...DROPPED])("when every second list is %s", async (_label, fault) => {
    bench.site.faults.add({ operation: "DescribeDingTalk", every: 2, fault });
    await live();
    expect(creates(emulator)).toBe(1);
  });

  test.each(LOST)("when every first write of a kind is %s", async (_label, fault) => {
    for (const operation of WRITES) {
      bench.site.faults.add({ operation, fault });
    }
    await live();
    expect(creates(emulator)).toBe(1);
  });

  test.each([...LOST, ...DROPPED])("when an update is %s", async (_label, fault) => {
    bench.site.faults.add({ operation: "CreateOrUpdateDingTalk", after: 1, fault });
    await live();
    expect(creates(emulator)).toBe(1);
  });

  test.each([...LOST, ...DROPPED])("when a status is %s", async (_label, fault) => {
    bench.site.faults.add({ operation: "ModifyDingTalkStatus", fault });
    await live();
    expect(creates(emulator)).toBe(1);
  });

  test.each([...LOST, ...DROPPED])("when a delete is %s", async (_label, fault) => {
    bench.site.faults.add({ operation: "DeleteDingTalk", fault });
    await live();
    expect(creates(emulator)).toBe(1);
  });

  test.each([...LOST, ...DROPPED])("when a delete is %s and a repeated one fails", async (_label, fault) => {
    bench.site.switches.deleteMissing = "ServerError";
    bench.site.faults.add({ operation: "DeleteDingTalk", fault });
    await live();
  });

  test("when an answer is lost while webhooks are cut, so that nobody sees which one is there", async () => {
    bench.site.switches.maskUrl = "cut";
    const { id, state } = await bench.create(inputsOf());
    bench.site.faults.add({ operation: "CreateOrUpdateDingTalk", fault: { kind: "dropBeforeCommit" } });
    const other = "https://oapi.dingtalk.com/robot/send?access_token=another";
    await bench.update(id, state, inputsOf({ webhookUrl: other }));
    expect(bench.site.robots.row(id)?.url).toBe(other);
  });
});

describe("a create whose answer is lost", () => {
  test.each(LOST)("finds its robot when it was %s", async (_label, fault) => {
    bench.site.faults.add({ operation: "CreateOrUpdateDingTalk", fault });
    const { id } = await bench.create(inputsOf());
    expect(id).toBe("1001");
    expect(creates(emulator)).toBe(1);
  });

  test.each(DROPPED)(
    "is not sent again in the same run when it was %s, and the next run makes it",
    async (_label, fault) => {
      bench.site.faults.add({ operation: "CreateOrUpdateDingTalk", fault });
      const failure = await failureOf(bench.create(inputsOf()));
      expect(failure.name).toBe("NetworkError");
      expect(failure.message).toMatch(
        /^Whether a robot was made is not known: the call got no good answer, and the list shows no new robot\.\nReason: [^\n]+\n(?:Code: .+\n)?(?:RequestId: [0-9A-F-]{36}\n)?Waited, seconds: 8\nRun the command again: it takes over the robot if it is there by then, and makes it otherwise\. If it persists, give the RequestId to Alibaba Cloud support\.$/,
      );
      expect(creates(emulator)).toBe(1);
      expect(bench.site.robots.size).toBe(0);
      await bench.connection.close();
      bench = benchFor(emulator);
      await bench.create(inputsOf());
      expect(bench.site.robots.size).toBe(1);
    },
  );

  test("takes over its robot in the next run when the process died before it could look", async () => {
    const stopped = new AbortController();
    bench.site.faults.add({
      operation: "CreateOrUpdateDingTalk",
      then: () => {
        stopped.abort(new Error("killed"));
      },
    });
    const failure = await failureOf(bench.create(inputsOf(), { signal: stopped.signal }));
    expect(failure.message).toBe("killed");
    await bench.connection.close();
    bench = benchFor(emulator);
    const { id } = await bench.create(inputsOf());
    expect(id).toBe("1001");
    expect(bench.site.robots.size).toBe(1);
    expect(creates(emulator)).toBe(1);
    expect(bench.warnings).toEqual([
      "Takes over the existing DingTalk robot 1001, which already is as declared: an earlier run that was cut off made it, or somebody else did. Destroying this resource will delete it.",
    ]);
  });

  test("says how to go on when the list never shows the robot", async () => {
    bench.site.switches.listLagMs = 3_600_000;
    const failure = await failureOf(bench.create(inputsOf()));
    expect(failure.message).toMatch(
      /^The robot was created, but the list does not show it\.\nRequestId: [0-9A-F-]{36}\nWaited, seconds: 60\nA robot may exist\. Run the command again: it is recognised once the list shows it\.$/,
    );
    expect(creates(emulator)).toBe(1);
  });
});

describe("a status that fails right after the create", () => {
  test("keeps the id, so that the next update finishes the work", async () => {
    bench.site.switches.deniedActions = ["ModifyDingTalkStatus"];
    const inputs = inputsOf({ enabled: false });
    const failure = await failureOf(bench.create(inputs));
    expect(failure).toMatchObject({ name: "IncompleteError", id: "1001", state: { enabled: true } });
    expect(failure.message).toMatch(
      /^ModifyDingTalkStatus failed: this identity may not call it\.\nAction: ModifyDingTalkStatus\nCode: NoPermission\nRequestId: [0-9A-F-]{36}\nMessage: caller has no permission\nGrant the RAM action yundun-sas:ModifyDingTalkStatus; the README has a policy with the least rights\.$/,
    );
    bench.site.switches.deniedActions = [];
    const finished = await bench.update("1001", failure["state"] as object, inputs);
    expect(finished.enabled).toBe(false);
    expect(creates(emulator)).toBe(1);
  });

  test("keeps the id even when nothing can be read any more", async () => {
    bench.site.faults.add({ operation: "ModifyDingTalkStatus", fault: { kind: "apiError", code: "NotBuy" } });
    bench.site.faults.add({
      operation: "DescribeDingTalk",
      after: 2,
      times: "always",
      fault: { kind: "dropBeforeCommit" },
    });
    const failure = await failureOf(bench.create(inputsOf({ enabled: false })));
    expect(failure).toMatchObject({
      name: "IncompleteError",
      id: "1001",
      state: { robotId: "1001", enabled: true },
    });
  });
});

describe("what the service refuses", () => {
  test.each(["CreateOrUpdateDingTalk", "DescribeDingTalk"])("names the missing right %s", async (action) => {
    bench.site.switches.deniedActions = [action];
    const failure = await failureOf(bench.create(inputsOf()));
    expect(failure.message).toContain(`Grant the RAM action yundun-sas:${action}`);
    expect(emulator.journal.count(action)).toBe(1);
  });

  test.each(["FreeVersionNotPermit", "NotBuy", "NeedBuy"] as const)(
    "names the edition for %s",
    async (code) => {
      Object.assign(bench.site.switches, { edition: 5, editionTooLowCode: code });
      const failure = await failureOf(bench.create(inputsOf()));
      expect(failure.message).toContain("DingTalk robots need the Enterprise or Ultimate edition.");
      expect(creates(emulator)).toBe(1);
    },
  );

  test("is said at once: a name that is taken in an account that allows one", async () => {
    bench.site.switches.duplicateNames = false;
    bench.site.faults.add({ operation: "CreateOrUpdateDingTalk", fault: { kind: "twin" } });
    const failure = await failureOf(bench.create(inputsOf()));
    expect(failure).toMatchObject({ name: "ApiError", apiCode: "RuleActionNameRepeated" });
    expect(creates(emulator)).toBe(1);
  });

  test("warns of a guess where the alert types of the site may not be asked for", async () => {
    bench.site.switches.deniedActions = ["DescribeDataSource"];
    await bench.create(inputsOf());
    expect(bench.warnings).toEqual([
      'alertRules: DescribeDataSource, which tells this site\'s alert types, was refused; "hc" is sent as "sas_analysis_online-sas-operation-log-sas-event-hc". Grant the RAM action yundun-sas:DescribeDataSource, or write the type out in full.',
    ]);
  });

  test("is no reason to guess alert types when the question merely failed", async () => {
    bench.site.faults.add({
      operation: "DescribeDataSource",
      times: "always",
      fault: { kind: "apiError", status: 500, code: "ServerError" },
    });
    const failure = await failureOf(bench.create(inputsOf()));
    expect(failure).toMatchObject({ apiCode: "ServerError", action: "DescribeDataSource" });
    expect(creates(emulator)).toBe(0);
  });
});

describe("a clock that is wrong", () => {
  test("is named, and nothing is repeated", async () => {
    emulator.clock.advance(16 * 60 * 1000);
    const failure = await failureOf(bench.read("1001"));
    expect(failure.message).toMatch(
      /^DescribeDingTalk failed: the request's time is more than 15 minutes off\.\nAction: DescribeDingTalk\nCode: InvalidTimeStamp\.Expired\nRequestId: [0-9A-F-]{36}\nMessage: .*\nCheck the clock of this machine\.$/,
    );
    expect(emulator.journal.count()).toBe(1);
  });
});

describe("waiting", () => {
  test("follows x-acs-retry-after, at most a minute of it", async () => {
    bench.site.faults.add({ times: 1, fault: { kind: "throttled", retryAfterMs: 7_000 } });
    bench.site.faults.add({ times: 1, fault: { kind: "throttled", retryAfterMs: 86_400_000 } });
    bench.site.robots.add({ actionName: "one" });
    await bench.read("1001");
    expect(bench.clock.slept.filter((ms) => ms > 1_000)).toEqual([7_000, 60_000]);
  });

  test("ends at once when the operation is stopped", async () => {
    const stopped = new AbortController();
    bench.site.faults.add({ operation: "DescribeDingTalk", fault: { kind: "slow" } });
    const reading = failureOf(bench.read("1001", {}, { signal: stopped.signal }));
    stopped.abort(new Error("stopped"));
    expect((await reading).message).toBe("stopped");
  });

  test("starts no write after the operation was stopped", async () => {
    const stopped = new AbortController();
    bench.site.faults.add({
      operation: "DescribeDingTalk",
      then: () => {
        stopped.abort(new Error("stopped"));
      },
    });
    expect((await failureOf(bench.create(inputsOf(), { signal: stopped.signal }))).message).toBe("stopped");
    expect(emulator.journal.changing()).toEqual([]);
  });
});

describe("a robot that is deleted by somebody else", () => {
  test("is no failure of a delete", async () => {
    const { id } = await bench.create(inputsOf());
    bench.site.robots.remove(id);
    await bench.remove(id);
    expect(emulator.journal.count("DeleteDingTalk")).toBe(0);
  });

  test.each(["ok", "ServerError"] as const)(
    "is no failure of a delete that came just too late: %s",
    async (deleteMissing) => {
      bench.site.switches.deleteMissing = deleteMissing;
      const { id } = await bench.create(inputsOf());
      bench.site.faults.add({ operation: "DeleteDingTalk", before: () => void bench.site.robots.remove(id) });
      await bench.remove(id);
      expect(bench.site.robots.size).toBe(0);
    },
  );

  const GONE =
    "The DingTalk robot 1001 was deleted outside Pulumi.\nRun `pulumi refresh`, then `pulumi up` to create it again; or `pulumi up --refresh`, which does both.";

  test("is named by an update", async () => {
    const { id, state } = await bench.create(inputsOf());
    bench.site.robots.remove(id);
    expect((await failureOf(bench.update(id, state, inputsOf({ language: "en" })))).message).toBe(GONE);
  });

  test.each(["error", "ignore"] as const)(
    "is named by an update that came just too late: %s",
    async (unknownIdUpdate) => {
      bench.site.switches.unknownIdUpdate = unknownIdUpdate;
      const { id, state } = await bench.create(inputsOf());
      bench.site.faults.add({
        operation: "CreateOrUpdateDingTalk",
        before: () => void bench.site.robots.remove(id),
      });
      expect((await failureOf(bench.update(id, state, inputsOf({ language: "en" })))).message).toBe(GONE);
    },
  );

  test("is named with the robot that the service made in its place", async () => {
    bench.site.switches.unknownIdUpdate = "create";
    const { id, state } = await bench.create(inputsOf());
    bench.site.faults.add({
      operation: "CreateOrUpdateDingTalk",
      before: () => void bench.site.robots.remove(id),
    });
    expect((await failureOf(bench.update(id, state, inputsOf({ language: "en" })))).message).toBe(
      "Robot 1001 was deleted while it was updated, and the service made robot 1002 instead.\nDelete robot 1002 in the console, then run `pulumi refresh` and `pulumi up`.",
    );
  });

  test("is not overwritten again after a lost answer: that could make another robot", async () => {
    bench.site.switches.unknownIdUpdate = "create";
    const { id, state } = await bench.create(inputsOf());
    bench.site.faults.add({
      operation: "CreateOrUpdateDingTalk",
      before: () => void bench.site.robots.remove(id),
      fault: { kind: "dropBeforeCommit" },
    });
    expect((await failureOf(bench.update(id, state, inputsOf({ language: "en" })))).message).toBe(GONE);
    expect(bench.site.robots.size).toBe(0);
  });

  test("is named by a status that came just too late", async () => {
    const { id, state } = await bench.create(inputsOf());
    bench.site.faults.add({
      operation: "ModifyDingTalkStatus",
      before: () => void bench.site.robots.remove(id),
    });
    expect((await failureOf(bench.update(id, state, inputsOf({ enabled: false })))).message).toBe(GONE);
  });
});
