import { EventEmitter, once } from "node:events";
import { ENGINE_TEST_TIMEOUT_MS } from "./harness";
import { errorOf, idOf, until } from "./support/lab";
import { provider, robot, RobotLab } from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const CREATE = "CreateOrUpdateDingTalk";
const STATUS = "ModifyDingTalkStatus";
const DELETE = "DeleteDingTalk";

let lab: RobotLab;
beforeAll(async () => {
  lab = await RobotLab.create();
});
afterAll(() => lab.dispose());
// Every group of tests shares a stack and leaves it and the server empty.
const emptyStack = async (): Promise<void> => {
  lab.site.faults.clear();
  await lab.project.destroy();
  expect(lab.ids).toEqual([]);
};

const refusesOnce = (operation: string): void =>
  void lab.site.faults.add({ operation, fault: { kind: "apiError", code: "NotAllowedToday" } });

describe("half-done work", () => {
  afterAll(emptyStack);
  const declared = (half: object): string[] => [
    robot("off", { enabled: false }),
    robot("half", { name: "old", ...half }),
  ];
  const halfId = async (): Promise<string> => (await lab.project.resource("half")).id ?? "";

  test("a create whose status call fails is kept, not made to look done by a refresh, and finished by the next up", async () => {
    refusesOnce(STATUS);
    const broken = await lab.up(declared({}), ["--continue-on-error"], { expectExit: 1 });
    expect(errorOf(broken, "off")).toMatch(/ModifyDingTalkStatus failed[\s\S]*Code: NotAllowedToday/);
    expect(lab.changes.sort()).toEqual(["create", "create", "status"]);
    const { id = "", initErrors, outputs } = await lab.project.resource("off");
    expect(lab.view(id)).toMatchObject({ enabled: true });
    expect(outputs).toMatchObject({ enabled: true, robotId: id });
    expect(initErrors).toEqual([expect.stringContaining("NotAllowedToday")]);

    await lab.project.refresh();
    const finished = await lab.up(declared({}));
    expect(finished.step("off")).toMatchObject({ op: "update", diffs: ["enabled"] });
    expect(lab.changes).toEqual(["status"]);
    expect(lab.view(id)).toMatchObject({ enabled: false });
    expect((await lab.project.resource("off")).initErrors).toBeUndefined();
  });

  test("an update that fails half way records what the server holds, and the next up does the rest", async () => {
    refusesOnce(STATUS);
    const edited = declared({ name: "new", enabled: false });
    const broken = await lab.up(edited, [], { expectExit: 1 });
    expect(errorOf(broken, "half")).toMatch(/ModifyDingTalkStatus failed/);
    expect((await lab.project.resource("half")).outputs).toMatchObject({ name: "new", enabled: true });
    const finished = await lab.up(edited);
    expect(finished.step("off")?.op).toBe("same");
    expect(lab.changes).toEqual(["status"]);
    expect(lab.view(await halfId())).toMatchObject({ name: "new", enabled: false });
  });

  test("a delete that is refused keeps the robot in the stack, and the next one finishes it", async () => {
    refusesOnce(DELETE);
    const without = declared({}).slice(0, 1);
    const id = await halfId();
    const broken = await lab.up(without, [], { expectExit: 1 });
    expect(errorOf(broken, "half")).toMatch(/DeleteDingTalk failed/);
    expect(await halfId()).toBe(id);
    await lab.up(without);
    expect(lab.changes).toEqual(["delete"]);
    expect(lab.ids).not.toContain(id);
  });
});

describe("lost answers of calls that were done", () => {
  afterAll(emptyStack);
  const faults = [
    { kind: "dropAfterCommit" },
    { kind: "truncated" },
    { kind: "status", status: 502, committed: true },
    { kind: "apiError", code: "ServerError", status: 500, committed: true },
  ] as const;
  const names = faults.map(({ kind }) => kind);

  test("leave one robot each, found in the same run, however the answer to a create gets lost", async () => {
    const rules = faults.map((fault) => lab.site.faults.add({ operation: CREATE, fault }));
    await lab.up(names.map((name) => robot(name, { name })));
    expect(rules.map(({ fired }) => fired)).toEqual(faults.map(() => 1));
    expect(lab.creates).toBe(faults.length);
    expect(lab.names).toEqual([...names].sort());
  });

  test("are no failure of updates, status calls and deletes", async () => {
    for (const operation of [CREATE, STATUS, DELETE]) {
      lab.site.faults.add({ operation, fault: { kind: "dropAfterCommit" } });
    }
    const [first = "", , ...rest] = names;
    const edited = [first, ...rest].map((name) =>
      robot(name, name === first ? { name: "edited", enabled: false } : { name }),
    );
    const up = await lab.up(edited);
    expect(lab.changes.sort()).toEqual(["delete", "status", "update"]);
    expect(lab.names).toEqual(["edited", ...rest].sort());
    expect(lab.view(idOf(up, first))).toMatchObject({ enabled: false });
    expect((await lab.up(edited)).changes).toEqual({ same: edited.length + 1 });
  });
});

describe("creates whose outcome is not known", () => {
  const abroad = (): RobotLab["site"] => lab.emulator.securitycenter.international;
  afterAll(async () => {
    await emptyStack();
    abroad().robots.clear();
  });
  const program = (adopt?: object): string[] => [
    provider("abroad", lab.emulator, {}, "international"),
    robot("doubtful", { name: "doubtful" }),
    robot("ambiguous", { name: "shared", ...adopt }, "{ provider: abroad }"),
  ];
  let candidates: string[];

  // One at each site, because both are looked for for a while.
  test("are not repeated in the same run, and of several candidates all are named", async () => {
    lab.site.faults.add({ operation: CREATE, fault: { kind: "dropBeforeCommit" } });
    abroad().faults.add({
      operation: CREATE,
      fault: { kind: "dropAfterCommit" },
      before: () => void lab.existing("shared", {}, "international"),
    });
    const up = await lab.up(program(), ["--continue-on-error"], { expectExit: 1 });
    expect(lab.creates).toBe(2);
    expect(errorOf(up, "doubtful")).toMatch(
      /Whether a robot was made is not known[\s\S]*Run the command again/,
    );
    candidates = abroad()
      .robots.list()
      .map(({ id }) => String(id));
    expect(candidates).toHaveLength(2);
    for (const said of [...candidates, "adopt: { id }"]) {
      expect(errorOf(up, "ambiguous")).toContain(said);
    }
    expect([lab.ids, await lab.project.resources()]).toEqual([[], []]);
  });

  test("are made by the next up where nothing was, and still refused where two are", async () => {
    const up = await lab.up(program(), ["--continue-on-error"], { expectExit: 1 });
    expect(lab.changes).toEqual(["create"]);
    expect(lab.theOnly()).toMatchObject({ name: "doubtful" });
    for (const id of candidates) {
      expect(errorOf(up, "ambiguous")).toContain(id);
    }

    const chosen = await lab.up(program({ adopt: { id: candidates[1] } }));
    expect(lab.changes).toEqual([]);
    expect(idOf(chosen, "ambiguous")).toBe(candidates[1]);
  });
});

test("a service that throttles every second call only slows the work down", async () => {
  const rule = lab.site.faults.add({ every: 2, fault: { kind: "throttled", retryAfterMs: 1 } });
  const names = ["one", "three", "two"];
  await lab.up(names.map((name) => robot(name, { name, enabled: name !== "two" })));
  expect(rule.fired).toBeGreaterThan(names.length);
  expect(lab.names).toEqual(names);
  await lab.project.destroy();
  expect(lab.ids).toEqual([]);
  lab.site.faults.clear();
});

describe("kill -9 after the server made the robot", () => {
  afterAll(emptyStack);
  /** Starts an up whose create call is committed and never answered; resolves once it is committed. */
  const upUntilCommitted = async (
    ...statements: string[]
  ): Promise<ReturnType<RobotLab["project"]["start"]>> => {
    const server = new EventEmitter();
    lab.declare(...statements);
    lab.site.faults.add({
      operation: CREATE,
      fault: { kind: "slow" },
      then: () => void server.emit("committed"),
    });
    const committed = once(server, "committed");
    const command = lab.project.start(["up", "--yes", "--skip-preview"]);
    await committed;
    return command;
  };
  /** The provider's Node and the shell that the engine starts it with. */
  const providers = () =>
    lab.project
      .processes()
      .filter(({ command }) => /dynamic-provider|pulumi-resource-pulumi-nodejs/.test(command));

  const expectTakenOver = async (name: string, statements: string[]): Promise<void> => {
    const made = lab.ids;
    const again = await lab.up(statements);
    expect(lab.changes).toEqual([]);
    expect(lab.ids).toEqual(made);
    expect(made).toHaveLength(statements.length);
    expect(again.text).toContain(`Takes over the existing DingTalk robot ${idOf(again, name)}`);
  };

  test("of the provider: the next up takes the robot over", async () => {
    const command = await upUntilCommitted(robot("first"));
    expect(providers().length).toBeGreaterThan(0);
    for (const { pid } of providers()) {
      process.kill(pid, "SIGKILL");
    }
    expect((await command.ended).exitCode).not.toBe(0);
    await expectTakenOver("first", [robot("first")]);
  });

  test("of the CLI: the provider ends by itself, and after a cancel the next up takes the robot over", async () => {
    const both = [robot("first"), robot("second")];
    const command = await upUntilCommitted(...both);
    command.signal("SIGKILL");
    expect(await command.ended).toMatchObject({ signal: "SIGKILL" });
    await until(() => providers().length === 0);
    await lab.project.pulumi(["cancel", "--yes"]);
    await expectTakenOver("second", both);
  });
});
