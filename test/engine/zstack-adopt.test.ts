import type { Endpoint } from "../../emulator";
import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { endpoint, errorOf, idOf, Lab, phone, uuid, WEBHOOK } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const UPDATE = "UpdateSNSDingTalkEndpoint";
const CREATE = "CreateSNSDingTalkEndpoint";

/** An endpoint that is there before the program runs. */
const existing = (lab: Lab, name: string, more: Partial<Endpoint> = {}): string =>
  lab.zstack.endpoints.add({ name, url: WEBHOOK, ...more }).uuid;

describe("adopt", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.create();
  });
  afterAll(() => lab.dispose());

  describe("of what is there", () => {
    const ids: Record<string, string> = {};
    let up: EngineResult;
    let program: string[];

    beforeAll(async () => {
      ids["never"] = existing(lab, "Never");
      ids["identical"] = existing(lab, "Identical", { description: "same" });
      lab.zstack.persons.add({ endpointUuid: ids["identical"], phoneNumber: phone(1), remark: "Ann" });
      ids["identicalOff"] = existing(lab, "IdenticalOff");
      ids["almost"] = existing(lab, "Almost", { description: "another" });
      ids["byName"] = existing(lab, "ByName", { description: "old", atAll: true });
      ids["overwritten"] = existing(lab, "Overwritten", { description: "old", secret: "SEC-another-canary" });
      ids["byId"] = existing(lab, "ById", { secret: "SEC-canary" });
      program = [
        endpoint("never", { name: "Never" }),
        endpoint("identical", {
          name: "Identical",
          description: "same",
          atPersons: { [phone(1)]: "Ann" },
          adopt: "identical",
        }),
        endpoint("identicalOff", {
          name: "IdenticalOff",
          enabled: false,
          userTags: ["t"],
          adopt: "identical",
        }),
        endpoint("almost", { name: "Almost", description: "declared", adopt: "identical" }),
        endpoint("byName", { name: "ByName", description: "old", atAll: true, adopt: "byName" }),
        endpoint("overwritten", {
          name: "Overwritten",
          description: "new",
          adopt: { byName: true, overwrite: true },
        }),
        endpoint("byNameNone", { name: "Nobody has this", adopt: "byName" }),
        endpoint("byId", {
          name: "Renamed",
          secret: "SEC-canary",
          adopt: { id: ids["byId"], overwrite: true },
        }),
      ];
      up = await lab.up(program);
    });

    test.each([
      ["never", "makes a twin next to an endpoint of the same name", [CREATE]],
      ["almost", "with identical makes a twin next to one that differs", [CREATE]],
      ["byNameNone", "with byName makes a new one where nobody has the name", [CREATE]],
    ])("%s %s", (name, _does, calls) => {
      const id = idOf(up, name);
      expect(id).not.toBe(ids[name]);
      expect(lab.changesOf(id)).toEqual(calls);
    });

    test.each([
      ["identical", "takes the identical endpoint over and writes nothing", []],
      [
        "identicalOff",
        "takes the identical endpoint over, then sets state and tags",
        ["ChangeSNSApplicationEndpointState", "CreateUserTag"],
      ],
      ["byName", "takes the one of that name over, which is as declared, and writes nothing", []],
      ["overwritten", "takes the one of that name over and changes the difference", [UPDATE]],
      ["byId", "takes that very one over and changes the difference", [UPDATE]],
    ])("%s %s", (name, _does, calls) => {
      expect(idOf(up, name)).toBe(ids[name]);
      expect(lab.changesOf(ids[name] ?? "")).toEqual(calls);
    });

    test("the server has what was declared, and the others are untouched", () => {
      expect(lab.view(ids["overwritten"] ?? "")).toMatchObject({ description: "new", secret: undefined });
      expect(lab.view(ids["byId"] ?? "")).toMatchObject({ name: "Renamed", secret: "SEC-canary" });
      expect(lab.view(ids["identicalOff"] ?? "")).toMatchObject({ enabled: false, userTags: ["t"] });
      expect(lab.view(ids["almost"] ?? "")).toMatchObject({ description: "another" });
      expect(lab.uuids).toHaveLength(Object.keys(ids).length + 3);
    });

    test("taking over by looks or by name warns that destroy will delete the endpoint", () => {
      const warned = up.diagnostics.filter(({ severity }) => severity === "warning");
      for (const name of ["identical", "byName", "overwritten"]) {
        expect(warned.map(({ message }) => message).join("\n")).toMatch(
          new RegExp(
            `Takes over the existing DingTalk endpoint ${ids[name]}[.,][^\\n]* Destroying this resource will delete it\\.`,
          ),
        );
      }
    });

    test("what is overwritten is told before, and no secret with it", () => {
      const warned = up.diagnostics.map(({ message }) => message).join("\n");
      const said = `Overwrites the DingTalk endpoint ${ids["overwritten"]}.`;
      expect(warned).toContain(`${said} description: "old" on the server, "new" declared.`);
      expect(warned).toContain(`${said} secret: differs.`);
      expect(warned).toContain("adopt: says overwrite: whatever differs on the existing object");
      expect(up.text).not.toContain("SEC-another-canary");
    });

    test("a later change of adopt is no change, and adopted endpoints are deleted like any others", async () => {
      const without = program.map((line) => line.replace(/,"adopt":("\w+"|\{[^}]*\})/, ""));
      expect(without.join()).not.toMatch(/adopt/);
      const same = await lab.up(without);
      expect(same.changes).toEqual({ same: 9 });
      expect(lab.changes).toEqual([]);
      await lab.project.destroy();
      expect(lab.uuids.sort()).toEqual([ids["never"], ids["almost"]].sort());
    });
  });

  describe("of what is not as it should be", () => {
    const ABSENT = uuid("c");
    const twins: string[] = [];
    let http: string;
    let differs: string;
    let shared: string;
    let up: EngineResult;
    beforeAll(async () => {
      twins.push(existing(lab, "Twins"), existing(lab, "Twins"));
      http = existing(lab, "Http", { type: "HTTP" });
      differs = existing(lab, "Differs", { url: `${WEBHOOK}-canary` });
      shared = existing(lab, "Shared");
      up = await lab.up(
        [
          endpoint("twoIdentical", { name: "Twins", adopt: "identical" }),
          endpoint("twoNamesakes", { name: "Twins", adopt: "byName" }),
          endpoint("absent", { adopt: { id: ABSENT } }),
          endpoint("otherKind", { adopt: { id: http } }),
          endpoint("differs", { name: "Shared", description: "declared", adopt: { id: differs } }),
          endpoint("first", { name: "Shared", adopt: { id: shared } }),
          endpoint("second", { name: "Shared", adopt: { id: shared } }, "{ dependsOn: first }"),
        ],
        ["--continue-on-error"],
        { expectExit: 1 },
      );
    });

    test.each([
      [
        "twoIdentical",
        "two identical ones",
        () => /2 DingTalk endpoints match: [0-9a-f]{32}, [0-9a-f]{32}\.\s+Say which one/,
      ],
      [
        "twoNamesakes",
        "two of that name",
        () => /2 DingTalk endpoints match: [0-9a-f]{32}, [0-9a-f]{32}\.\s+Say which one/,
      ],
      ["absent", "an id that nothing has", () => new RegExp(`there is no DingTalk endpoint ${ABSENT}`)],
      ["otherKind", "an endpoint of another kind", () => new RegExp(`${http} is an endpoint of type HTTP`)],
      [
        "differs",
        "an endpoint that is not as declared",
        () =>
          new RegExp(
            `${differs} is not as declared[\\s\\S]*name: "Differs" on the server, "Shared" declared\\s+webhookUrl: differs\\s+description: nothing on the server[\\s\\S]*overwrite: true`,
          ),
      ],
      [
        "second",
        "an endpoint that another resource has",
        () => new RegExp(`${shared} already belongs to another resource`),
      ],
    ])("%s: %s is refused by name", (name, _what, said) => {
      expect(up.step(name)).toMatchObject({ op: "create", failed: true });
      expect(errorOf(up, name)).toMatch(said());
    });

    test("only the endpoint that could be taken over is in the state, and nothing was written", async () => {
      expect(lab.changes).toEqual([]);
      expect(up.text).not.toContain("-canary");
      expect((await lab.project.resources()).map(({ id }) => id)).toEqual([shared]);
    });
  });
});
