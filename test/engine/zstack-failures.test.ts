import { ENGINE_TEST_TIMEOUT_MS } from "./harness";
import { code, declare, endpoint, errorOf, Lab, phone, uuid, WEBHOOK } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const CHANGE_STATE = "ChangeSNSApplicationEndpointState";
const ADD_PERSON = "AddSNSDingTalkAtPerson";
const DELETE = "DeleteSNSApplicationEndpoint";

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.dispose());
// Every test leaves an empty stack and an empty server.
afterEach(async () => {
  lab.zstack.faults.clear();
  await lab.project.destroy();
  expect(lab.uuids).toEqual([]);
});

const failsOnce = (operation: string, details = "disk on fire"): void =>
  void lab.zstack.faults.add({ operation, fault: { kind: "jobFails", code: "SYS.1006", details } });

describe("half-done work", () => {
  const OFF = [endpoint("off", { enabled: false })];

  test("a create whose state call fails is kept and finished by the next up", async () => {
    failsOnce(CHANGE_STATE);
    const broken = await lab.up(OFF, [], { expectExit: 1 });
    expect(errorOf(broken, "off")).toMatch(
      /ChangeSNSApplicationEndpointState failed[\s\S]*Details: disk on fire/,
    );
    const { uuid } = lab.theOnly();
    expect(await lab.project.resource("off")).toMatchObject({
      id: uuid,
      initErrors: [expect.stringContaining("disk on fire")],
      outputs: { enabled: true, uuid },
    });

    const finished = await lab.up(OFF);
    expect(finished.step("off")).toMatchObject({ op: "update" });
    expect(lab.changes).toEqual([CHANGE_STATE]);
    expect(lab.theOnly()).toMatchObject({ uuid, enabled: false });
    expect((await lab.project.resource("off")).initErrors).toBeUndefined();
    expect((await lab.up(OFF)).changes).toEqual({ same: 2 });
  });

  test("a refresh after a half-done create does not make it look done", async () => {
    failsOnce(CHANGE_STATE);
    await lab.up(OFF, [], { expectExit: 1 });
    await lab.project.refresh();
    const finished = await lab.up(OFF);
    expect(finished.step("off")).toMatchObject({ op: "update", diffs: ["enabled"] });
    expect(lab.theOnly()).toMatchObject({ enabled: false });
  });

  test("an update that fails half way records what the server holds, and the next up does the rest", async () => {
    await lab.up([endpoint("half", { name: "old" })]);
    const edited = [endpoint("half", { name: "new", atPersons: { [phone(1)]: "Ann" } })];
    failsOnce(ADD_PERSON);
    const broken = await lab.up(edited, [], { expectExit: 1 });
    expect(errorOf(broken, "half")).toMatch(/AddSNSDingTalkAtPerson failed/);
    const recorded = await lab.project.resource("half");
    expect(recorded.outputs).toMatchObject({ name: "new" });
    expect(recorded.outputs).not.toHaveProperty("atPersons");

    await lab.up(edited);
    expect(lab.changes).toEqual([ADD_PERSON]);
    expect(lab.theOnly()).toMatchObject({ name: "new", atPersons: { [phone(1)]: "Ann" } });
  });

  test("a delete that fails keeps the resource, and the next destroy finishes it", async () => {
    await lab.up([endpoint("kept")]);
    failsOnce(DELETE);
    const broken = await lab.project.destroy([], { expectExit: 1 });
    expect(errorOf(broken, "kept")).toMatch(/DeleteSNSApplicationEndpoint failed[\s\S]*disk on fire/);
    expect(await lab.project.resources()).toHaveLength(1);
    expect(lab.uuids).toHaveLength(1);
  });
});

test("customTimeouts end a create that takes too long, naming the seconds, and the next up finishes it", async () => {
  const bounded = [endpoint("bounded", { enabled: false }, `{ customTimeouts: { create: "0.5s" } }`)];
  lab.zstack.faults.add({ operation: CHANGE_STATE, fault: { kind: "jobStuck", committed: false } });
  const late = await lab.up(bounded, [], { expectExit: 1 });
  expect(errorOf(late, "bounded")).toMatch(
    /The create did not finish within the 0\.5 seconds of its customTimeouts\.\s+Run the command again/,
  );
  await lab.up(bounded);
  expect(lab.changes).toEqual([CHANGE_STATE]);
  expect(lab.theOnly()).toMatchObject({ enabled: false });
});

test("with --continue-on-error nothing is made or cleared without a value that a failed resource owes it", async () => {
  const failing = endpoint("source", { resourceUuid: "e7d6f5e23bb74e99a2777126078b551c" });
  const lost = "is not known: the resource that it comes from has failed.";
  const up = (...statements: string[]) =>
    lab.up([failing, ...statements], ["--continue-on-error"], { expectExit: 1 });
  const kept = (description: string) => endpoint("kept", { name: "kept", description: description });
  await lab.up([kept("one")]);

  const cleared = await up(
    declare("DingTalkEndpoint", "kept", {
      webhookUrl: WEBHOOK,
      name: "kept",
      description: code("source.name"),
    }),
  );
  expect(errorOf(cleared, "kept")).toContain(`description: ${lost}`);
  const made = await up(
    kept("one"),
    declare("TopicSubscription", "told", { topicUuid: uuid("9"), endpointUuid: code("source.uuid") }),
  );
  expect(errorOf(made, "told")).toContain(`endpointUuid: ${lost}`);
  expect(made.text).not.toContain("is required");
  expect(lab.theOnly()).toMatchObject({ name: "kept", description: "one" });
});
